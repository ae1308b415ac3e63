/** The client for Node: what goes in, what is repeated, what a refusal tells, a restart in between. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { repeatable } from "../access.js";
import { RunBacklogRequestSchema } from "../gen/promised/v1/scenario_pb.js";
import { create } from "@bufbuild/protobuf";
import { amount, Client, Code, json, moment, PromisedError, quantity } from "../node.js";
import { Server } from "../testing.js";

const TINY = new URL("../../../../snapshots/tiny", import.meta.url).pathname;

async function started(t: TestContext) {
  const server = await Server.start(TINY);
  t.after(() => server.stop());
  return server;
}

const line = (order: string) => ({ order, item: "PUMP", quantity: 1, requestedDate: new Date(2026, 11, 10), customer: "NORDWIND" });

test("dates, numbers and spans are taken as programs have them", async (t) => {
  const client = (await started(t)).client();
  const before = Date.now();
  const held = await client.promises.promise({ lines: [{ ...line("D-1"), orderedAt: new Date(2026, 10, 23) }], holdFor: 600 });
  const [promise] = (await client.promises.get({ order: "D-1" })).promises;
  assert.equal(promise.requestedDate, "2026-12-10");
  const until = Number(moment(promise.heldUntil));
  assert(until > before + 590_000 && until < Date.now() + 610_000, String(until));
  assert.match(json(held), /"sequence":"1"/);
  const told = JSON.parse(json([promise, 7n]));
  assert.deepEqual([told[0].state, told[1]], ["HELD", "7"]);
  // A Date has milliseconds, a Timestamp more.
  assert(Math.abs(Date.parse(told[0].heldUntil) - until) <= 1, told[0].heldUntil);
  assert.equal((await client.snapshots.getReconciliation({ number: 0 }).catch((fault: PromisedError) => fault)) instanceof PromisedError, true);
});

test("a field that does not exist is refused, with what was meant", async () => {
  const promises = new Client().promises as any;
  await assert.rejects(promises.promise({ hold_for: 600 }), /PromiseRequest has no field hold_for; did you mean holdFor\?/);
  await assert.rejects(promises.promise({ lines: [{ qty: 1 }] }), /PromiseRequest\.lines\[0\] has no field qty; it has: order, line, item/);
});

test("a refusal has code, reason and fields", async (t) => {
  const client = (await started(t)).client();
  await assert.rejects(client.promises.promise({ lines: [{ ...line("A"), item: "NONE" }] }), (fault: PromisedError) => {
    assert.deepEqual([fault.code, fault.reason, fault.passing], [Code.InvalidArgument, "INVALID_FIELDS", false]);
    assert.deepEqual(fault.violations.map((one) => one.field), ["lines[0].item"]);
    return true;
  });
  await assert.rejects(client.promises.get({ promiseId: "P999" }), { code: Code.NotFound, reason: "PROMISE_NOT_FOUND" });
});

test("a command goes on over a restart", async (t) => {
  const server = await started(t);
  const client = server.client();
  const ask = async () => (await client.promises.promise({ requestId: "R-1", lines: [line("R-1")] })).promises[0].promiseId;
  const first = await ask();
  await server.kill();
  const again = ask();
  await server.start();
  assert.equal(await again, first);
});

test("nobody there ends with the time", async (t) => {
  const server = await started(t);
  await server.kill();
  await assert.rejects(server.client({ timeoutMs: 800 }).promises.get({ promiseId: "P1" }), PromisedError);
});

test("many go on over a restart, each once", async (t) => {
  const server = await started(t);
  const client = server.client();
  const want = Array.from({ length: 12 }, (_, n) => `M-${n}`);
  const seen: string[] = [];
  for await (const answer of client.promiseMany(want.map((id) => ({ requestId: id, lines: [line(id)] })), { window: 4 })) {
    assert(!(answer instanceof PromisedError), String(answer));
    seen.push(answer.requestId);
    if (seen.length === 5) {
      await server.kill();
      await server.start();
    }
  }
  const kept: string[] = [];
  for await (const promise of client.pages({ customer: "NORDWIND", pageSize: 5 })) {
    kept.push(promise.order);
  }
  assert.deepEqual([seen, kept], [want, want]);
});

test("many with a faulty one in between", async (t) => {
  const client = (await started(t)).client();
  const told: string[] = [];
  for await (const answer of client.promiseMany([{ lines: [line("F-1")] }, { lines: [{ ...line("F-2"), item: "NONE" }] }, { lines: [line("F-3")] }], { window: 2 })) {
    told.push(answer instanceof PromisedError ? answer.violations[0].field : "");
  }
  assert.deepEqual(told, ["", "lines[0].item", ""]);
});

test("what does more when done twice is not repeated", () => {
  const methods = new Map(Client.all.flatMap((service) => service.methods.map((method) => [`${service.name}.${method.name}`, method])));
  const may = (name: string, request = {}) => repeatable(methods.get(name)!, request);
  for (const name of ["PromiseService.Promise", "PromiseService.List", "ScenarioService.Compare", "ScenarioService.Apply"]) {
    assert(may(name), name);
  }
  for (const name of ["ScenarioService.Create", "ScenarioService.Change", "SnapshotService.Activate", "BacklogService.Run"]) {
    assert(!may(name), name);
  }
  // A run makes a scenario of its own each time, unless it is applied.
  assert(may("BacklogService.Run", create(RunBacklogRequestSchema, { apply: true })));
  assert(!new PromisedError(Code.Unavailable, "").nothingDone && !new PromisedError(Code.Unavailable, "", "OUTCOME_UNKNOWN").nothingDone);
  assert(new PromisedError(Code.Unavailable, "", "NO_LEADER").nothingDone && new PromisedError(Code.ResourceExhausted, "", "", {}, [], 100).nothingDone);
});

test("decimals are exact to six places", () => {
  assert.deepEqual([0.1 + 0.2, 1000, 2.5, -0.0000001].map(amount), ["0.3", "1000", "2.5", "0"]);
  assert.equal(quantity("2.5"), 2.5);
  assert.throws(() => quantity("0.0000001"), /at most 6 places/);
});
