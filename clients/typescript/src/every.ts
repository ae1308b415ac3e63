/**
 * An example of every RPC, against a server that serves snapshots/tiny: `node dist/every.js [ADDRESS]`.
 *
 * Run it on a server of its own: it holds, ships and pushes. Each answer is printed in a line.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { ExportRequest_Format } from "./gen/promised/v1/analytics_pb.js";
import type { PushRequest } from "./gen/promised/v1/snapshot_pb.js";
import { Client, type Fields, json, PromisedError } from "./node.js";

const client = new Client(process.argv[2]);
const called = new Set<string>();

/** Prints an answer. */
function show<T>(rpc: string, answer: T): T {
  called.add(rpc);
  console.log(`${rpc}: ${json(answer).slice(0, 160)}`);
  return answer;
}

/** Prints the first answer of a stream that would go on. */
async function first(rpc: string, stream: AsyncIterable<unknown>) {
  for await (const answer of stream) {
    show(rpc, answer);
    return;
  }
}

/** Prints an answer, or why there is none: a server without a token file has no tokens. */
async function may(rpc: string, answer: Promise<unknown>) {
  show(rpc, await answer.catch((fault) => String(fault)));
}

const line = (order: string, quantity = 1) => ({ order, item: "PUMP", quantity, requestedDate: "2026-11-26", customer: "NORDWIND" });

// New data: tiny again, with two demand classes that share the bodies.
const files = new Map<string, Uint8Array>([
  ["demand_classes.csv", Buffer.from("demand_class,parent,rank\nALL,,1\nKEY,ALL,1\nWEB,ALL,2\n")],
  ["allocation_rules.csv", Buffer.from("rule,demand_class,kind,method,value\nHALVES,KEY,share,percent,50\nHALVES,WEB,share,percent,50\n")],
  ["allocation_assignments.csv", Buffer.from("rule,item,location\nHALVES,BODY,BER\n")],
]);
const tiny = new URL("../../../snapshots/tiny/", import.meta.url);
for (const file of readdirSync(tiny).filter((name) => name.endsWith(".csv") && name !== "orders.csv")) {
  files.set(basename(file), readFileSync(new URL(file, tiny)));
}
const manifest = JSON.parse(readFileSync(new URL("manifest.json", tiny), "utf8"));
files.set("manifest.json", Buffer.from(JSON.stringify({ ...manifest, snapshot_id: "tiny-shared" })));

/** A push: begin, each file, finish. */
async function* parts(): AsyncGenerator<Fields<PushRequest>> {
  yield { part: { case: "begin", value: { snapshotId: "tiny-shared" } } };
  for (const [file, data] of files) {
    yield { part: { case: "chunk", value: { file, data, crc32c: crc32c(data), last: true } } };
  }
  yield { part: { case: "finish", value: {} } };
}

/** Castagnoli's check sum. */
function crc32c(data: Uint8Array): number {
  let rest = ~0;
  for (const byte of data) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      rest = (rest >>> 1) ^ (rest & 1 ? 0x82f63b78 : 0);
    }
  }
  return ~rest >>> 0;
}

const snapshots = client.snapshots;
show("SnapshotService.Push", await snapshots.push(parts()));
show("SnapshotService.GetUpload", await snapshots.getUpload({ snapshotId: "tiny-shared" }));
show("SnapshotService.List", await snapshots.list());
show("SnapshotService.GetReconciliation", await snapshots.getReconciliation());
show("SnapshotService.GetStatus", await snapshots.getStatus());
const later = { change: "supply_moved", cells: { supply: "PO-1", date: "2026-12-02" } };
show("SnapshotService.ApplyChanges", await snapshots.applyChanges({ source: "erp", changes: [later] }));

// What is there, when, for whom.
show("AvailabilityService.GetAvailability", await client.availability.getAvailability({ item: "VALVE", days: 10 }));
const query = { item: "VALVE", location: "HAM", quantity: 3 };
show("AvailabilityService.QuickCheck", await client.availability.quickCheck({ queries: [query] }));
const bodies = { item: "BODY", location: "BER" };
show("AllocationService.GetAllocation", await client.allocation.getAllocation(bodies));
const shift = { change: { case: "shift" as const, value: { fromClass: "WEB", toClass: "KEY", quantity: 1 } } };
show("AllocationService.Preview", await client.allocation.preview({ ...bodies, changes: [shift] }));
show("AllocationService.Change", await client.allocation.change({ ...bodies, changes: [shift] }));

// Order desk: ask, hold, confirm, change, ship.
const promises = client.promises;
show("PromiseService.CheckAvailability", await promises.checkAvailability({ lines: [line("E-1")], alternatives: 2, pegging: true }));
const { promiseId } = show("PromiseService.Promise", await promises.promise({ lines: [line("E-1")], holdFor: 600 })).promises[0];
show("PromiseService.ExtendHold", await promises.extendHold({ promiseIds: [promiseId], holdFor: 1200 }));
show("PromiseService.Confirm", await promises.confirm({ promiseId }));
show("PromiseService.Amend", await promises.amend({ promiseId, line: line("E-1", 2) }));
show("PromiseService.Fulfil", await promises.fulfil({ promiseId }));
show("PromiseService.Reopen", await promises.reopen({ promiseId }));
show("PromiseService.Get", await promises.get({ order: "E-1", history: true }));
show("PromiseService.List", await promises.list({ customer: "NORDWIND", pageSize: 10 }));
show("PromiseService.Cancel", await promises.cancel({ promiseId }));
for await (const answer of client.promiseMany([{ lines: [line("E-2")] }], { window: 8 })) {
  if (answer instanceof PromisedError) {
    throw answer;
  }
  show("PromiseService.PromiseStream", answer);
}
show("PromiseService.SelfCheck", await promises.selfCheck());

// Look things up, and see what is going on.
show("CatalogService.Find", await client.catalog.find({ text: "pu" }));
show("CatalogService.GetItem", await client.catalog.getItem({ item: "PUMP" }));
show("CatalogService.GetLocation", await client.catalog.getLocation({ location: "HAM" }));
show("CatalogService.GetCustomer", await client.catalog.getCustomer({ customer: "NORDWIND" }));
show("CatalogService.GetRules", await client.catalog.getRules({ item: "PUMP", location: "HAM", customer: "NORDWIND" }));
show("AvailabilityService.GetAccount", await client.availability.getAccount({ item: "VALVE", location: "HAM" }));
show("AvailabilityService.GetCapacity", await client.availability.getCapacity({ owner: { case: "resource", value: "BENCH" }, days: 10 }));
const thresholds = [{ item: "VALVE", location: "HAM", atLeast: 1 }];
await first("AvailabilityService.WatchAvailability", client.availability.watchAvailability({ thresholds }));
const valves = { ...line("E-3", 4), item: "VALVE" };
const kept = (await promises.promise({ lines: [valves] })).promises[0].promiseId;
show("PromiseService.GetPegging", await promises.getPegging({ of: { case: "promiseId", value: kept } }));
show("PromiseService.Explain", await promises.explain({ promiseId: kept }));
const { exceptionId } = show("ExceptionService.List", await client.exceptions.list()).exceptions[0];
await first("ExceptionService.Watch", client.exceptions.watch());
show("ExceptionService.Acknowledge", await client.exceptions.acknowledge({ exceptionId, by: "me", note: "the customer knows" }));
const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000);
show("ExceptionService.Snooze", await client.exceptions.snooze({ exceptionId, by: "me", until: tomorrow }));
await first("EventService.Watch", client.watch({ fromSequence: 0 }));
show("AnalyticsService.Query", await client.analytics.query({ measures: ["lines", "on_time_lines"], groupBy: ["item"] }));
await first("AnalyticsService.Export", client.analytics.export({ format: ExportRequest_Format.CSV }));

// Who may what.
const admin = client.admin;
show("AdminService.WhoAmI", await admin.whoAmI());
show("AdminService.GetConfig", await admin.getConfig());
await may("AdminService.CreateToken", admin.createToken({ name: "shop", roles: ["promise"] }));
await may("AdminService.ListTokens", admin.listTokens());
await may("AdminService.RevokeToken", admin.revokeToken({ name: "shop" }));
await may("AdminService.ListAudit", admin.listAudit());
show("AdminService.ClusterStatus", await admin.clusterStatus());
// A server without a journal (--data) has nothing to back up.
await may("AdminService.Backup", admin.backup()[Symbol.asyncIterator]().next().then((part) => part.value));

// What if.
const scenarios = client.scenarios;
const { scenarioId } = show("ScenarioService.Create", await scenarios.create({ name: "PO-1 a week later" }));
const late = { change: "supply_moved", cells: { supply: "PO-1", days: "7" } };
show("ScenarioService.Change", await scenarios.change({ scenarioId, changes: [late] }));
show("ScenarioService.List", await scenarios.list());
show("ScenarioService.Get", await scenarios.get({ scenarioId }));
show("ScenarioService.Compare", await scenarios.compare({ scenarioId }));
// The messages before the last one tell how far it is.
for await (const compared of scenarios.compareStream({ scenarioId })) show("ScenarioService.CompareStream", compared);
for await (const figures of scenarios.vary({ parameter: "supply:PO-1:-2d..+2d", lines: [line("V-1")] })) show("ScenarioService.Vary", figures);
const { sequence: position } = show("ScenarioService.Apply", await scenarios.apply({ scenarioId }));
show("ScenarioService.Revert", await scenarios.revert({ position }));
show("ScenarioService.Discard", await scenarios.discard({ scenarioId: (await scenarios.create({ name: "not wanted" })).scenarioId }));
const { runId } = show("BacklogService.Run", await client.backlog.run({ sequence: "priority,requested_date" }));
show("BacklogService.GetRun", await client.backlog.getRun({ runId }));
for await (const ran of client.backlog.runStream({ sequence: "priority" })) show("BacklogService.RunStream", ran);
show("BacklogService.ListRuns", await client.backlog.listRuns());
show("BacklogService.CancelRun", await client.backlog.cancelRun({ runId })); // it was done already
show("BacklogService.Apply", await client.backlog.apply({ scenarioId: runId }));

// Back to the snapshot before: that it has no shares looks like broken data, so somebody has to answer for it.
const force = { by: "an example", why: "the shares were an example" };
show("SnapshotService.Activate", await snapshots.activate({ snapshotId: "tiny", force }));

const every = Client.all.flatMap((service) => service.methods.map((method) => `${service.name}.${method.name}`));
console.log(`${called.size} of ${every.length} RPCs`);
every.filter((rpc) => !called.has(rpc)).forEach((rpc) => console.log(`without an example: ${rpc}`));
process.exit(0);
