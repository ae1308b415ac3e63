/** The scenario that all clients run; clients/README.md tells what it prints. */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import assert from "node:assert";
import { Client, Code, PromisedError } from "./node.js";


const { PROMISED_SERVER, PROMISED_TOKEN, PROMISED_CA } = process.env;
const client = new Client(PROMISED_SERVER, { token: PROMISED_TOKEN, ca: PROMISED_CA ? readFileSync(PROMISED_CA) : undefined });
const name = `TS-${process.pid}`;

const tell = (step: string, more = {}) => console.log(JSON.stringify({ step, ...more }));
const line = (quantity: number, order = name) => ({ order, item: "PUMP", quantity, requestedDate: "2026-11-26", customer: "NORDWIND" });

async function hold(order = name): Promise<string> {
  const answer = await client.promises.promise({ requestId: `${order}-hold`, lines: [line(1, order)], holdFor: 600 });
  return answer.promises[0].promiseId;
}

/** The event that a promise of ours brings; a server without the service says so. */
async function watch() {
  // From the position before it, so that it does not matter which is first, the watch or the promise.
  const before = (await client.snapshots.getStatus()).version!.sequence;
  await hold(`${name}-W`);
  try {
    for await (const event of client.watch({ fromSequence: before + 1n, types: ["promise.*"] }, { signal: AbortSignal.timeout(30_000) })) {
      if (event.promise?.order === `${name}-W`) {
        return tell("watch", { type: event.type });
      }
    }
    throw new Error("the feed ended");
  } catch (fault) {
    if (!(fault instanceof PromisedError) || fault.code !== Code.Unimplemented) {
      throw fault;
    }
    tell("watch", { skipped: "the server answers UNIMPLEMENTED: it has no EventService" });
  }
}

await client.promises.checkAvailability({ lines: [line(1)] });
tell("check");
const promiseId = await hold();
tell("hold", { promise_id: promiseId });
tell("confirm", { promise_id: (await client.promises.confirm({ promiseId })).promise?.promiseId });
const amended = await client.promises.amend({ promiseId, line: line(2) });
assert(amended.changed);
tell("amend", { promise_id: amended.promise?.promiseId });
tell("repeat", { promise_id: await hold() });
tell("kill");
await once(process.stdin, "data");
tell("again", { promise_id: await hold() });
let n = 0;
for await (const promise of client.pages({ customer: "NORDWIND", pageSize: 1 })) {
  n += promise.order.startsWith(name) ? 1 : 0;
}
tell("list", { n });
await watch();
tell("done");
process.exit(0);
