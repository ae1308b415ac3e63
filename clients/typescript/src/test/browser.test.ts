/** The client for browsers, in a real one: a page behind a proxy that hands the calls on, as in production. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { Server } from "../testing.js";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const TINY = new URL("../../../../snapshots/tiny", import.meta.url).pathname;

/** What the page does; it runs in the browser. */
const PAGE = `
import { Client, PromisedError, amount, json } from "../browser.js";
window.run = async (what) => {
  const client = new Client(location.origin, { timeoutMs: 20000 });
  const line = (order) => ({ order, item: "PUMP", quantity: 1, requestedDate: new Date(2026, 11, 10), customer: "NORDWIND" });
  if (what === "desk") {
    const held = await client.promises.promise({ requestId: "B-1", lines: [line("B-1")], holdFor: 600 });
    const { promiseId } = held.promises[0];
    const again = await client.promises.promise({ requestId: "B-1", lines: [line("B-1")], holdFor: 600 });
    const confirmed = await client.promises.confirm({ promiseId });
    return { same: again.promises[0].promiseId === promiseId, state: confirmed.promise.state, quantity: amount(confirmed.promise.quantity), json: json(confirmed).includes("B-1") };
  }
  if (what === "refused") {
    const fault = await client.promises.promise({ lines: [{ ...line("X"), item: "NONE" }] }).catch((fault) => fault);
    return { ours: fault instanceof PromisedError, reason: fault.reason, fields: fault.violations.map((one) => one.field) };
  }
  if (what === "many") {
    const answers = [];
    for await (const answer of client.promiseMany([1, 2, 3, 4].map((n) => ({ lines: [line("N-" + n)] })), { window: 2 })) {
      answers.push(answer.promises[0].order);
    }
    return answers;
  }
  const orders = [];
  for await (const promise of client.pages({ customer: "NORDWIND", pageSize: 2 })) orders.push(promise.order);
  return orders;
};
`;

const skip = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;

test("in a browser", { skip }, async (t) => {
  const server = await Server.start(TINY);
  t.after(() => server.stop());
  const here = new URL(".", import.meta.url).pathname;
  const bundle = await build({ stdin: { contents: PAGE, resolveDir: here }, bundle: true, format: "esm", platform: "browser", write: false });
  const site = createServer((asked, answer) => {
    if (asked.url?.startsWith("/promised.v1.")) {
      // With the page's own Host: the server takes commands from pages of its own name only.
      const on = forward(`http://${server.address}${asked.url}`, { method: asked.method, headers: asked.headers }, (told) => {
        answer.writeHead(told.statusCode!, told.headers);
        told.pipe(answer);
      });
      on.on("error", () => answer.writeHead(503).end());
      asked.pipe(on);
      return;
    }
    const script = asked.url === "/page.js";
    answer.setHeader("content-type", script ? "text/javascript" : "text/html");
    answer.end(script ? bundle.outputFiles[0].text : '<!doctype html><script type="module" src="/page.js"></script>');
  }).listen(0, "127.0.0.1");
  t.after(() => site.close());
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await page.waitForFunction("window.run");
  const run = (what: string) => page.evaluate(`window.run(${JSON.stringify(what)})`);

  assert.deepEqual(await run("desk"), { same: true, state: 2, quantity: "1", json: true });
  assert.deepEqual(await run("refused"), { ours: true, reason: "INVALID_FIELDS", fields: ["lines[0].item"] });
  assert.deepEqual(await run("many"), ["N-1", "N-2", "N-3", "N-4"]);
  // The server is away for a moment: the page goes on by itself.
  await server.kill();
  const pages = run("pages");
  await server.start();
  // Two were under way at once: which of them was promised first is not told.
  assert.deepEqual(((await pages) as string[]).sort(), ["B-1", "N-1", "N-2", "N-3", "N-4"]);
});
