/** Without our client: connect-node asks by the Connect protocol, over HTTP/1.1 and HTTP/2, in JSON and in protobuf. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { AnalyticsService } from "../gen/promised/v1/analytics_pb.js";
import { AvailabilityService } from "../gen/promised/v1/availability_pb.js";
import { PromiseService } from "../gen/promised/v1/promise_pb.js";
import { BadRequestSchema } from "../gen/google/rpc/error_details_pb.js";
import { Server } from "../testing.js";

const TINY = new URL("../../../../snapshots/tiny", import.meta.url).pathname;
const line = (order: string, item = "VALVE") => ({ order, item, quantity: 2, requestedDate: "2026-11-25" });

for (const httpVersion of ["1.1", "2"] as const) {
  for (const useBinaryFormat of [true, false]) {
    test(`HTTP/${httpVersion} in ${useBinaryFormat ? "protobuf" : "JSON"}`, async (t) => {
      const server = await Server.start(TINY);
      t.after(() => server.stop());
      const transport = createConnectTransport({ baseUrl: `http://${server.address}`, httpVersion, useBinaryFormat });
      const [availability, promises, analytics] = [createClient(AvailabilityService, transport), createClient(PromiseService, transport), createClient(AnalyticsService, transport)];
      const { answers } = await availability.quickCheck({ queries: [{ item: "VALVE", location: "HAM", quantity: 4, date: "2026-11-25" }] });
      assert.deepEqual([answers[0].available, answers[0].earliestDate], [2, "2026-12-01"]);
      const first = await promises.promise({ requestId: "r", lines: [line("A")] });
      assert.equal(first.promises[0].promiseId, "P1");
      assert.equal((await promises.promise({ requestId: "r", lines: [line("A")] })).promises[0].promiseId, "P1");
      await assert.rejects(promises.promise({ lines: [line("B", "NONE")] }), (fault: ConnectError) => {
        assert.equal(fault.code, Code.InvalidArgument);
        assert.deepEqual(fault.findDetails(BadRequestSchema)[0].fieldViolations.map((one) => one.field), ["lines[0].item"]);
        return true;
      });
      let file = "";
      for await (const part of analytics.export({})) file += new TextDecoder().decode(part.data);
      assert.match(file.split("\n")[1], /^A,1,on_time,/);
      // A stream of requests is for gRPC; whoever asks for one by Connect is told. HTTP/1.1 cannot carry one and its answers at once.
      if (httpVersion === "1.1") return;
      const many = promises.promiseStream((async function* () { yield { lines: [line("C")] }; })());
      await assert.rejects(async () => { for await (const _ of many); }, (fault: ConnectError) => fault.code === Code.Unimplemented);
    });
  }
}
