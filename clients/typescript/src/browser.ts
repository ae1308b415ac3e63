/** Client of Promised for browsers: the Connect protocol over fetch. */
import { createConnectTransport } from "@connectrpc/connect-web";
import { access, type Config, repeat, TIMEOUT_MS } from "./access.js";
import { Services } from "./client.js";

export * from "./client.js";

/**
 * A server, from a page: `new Client()` is the one that the page came from (or a proxy before it), `new Client("https://promised.example")`
 * another one. What a browser cannot do is left out: `promises.promiseStream` and `snapshots.push`; `promiseMany` works.
 */
export class Client extends Services {
  constructor(address: string = globalThis.location?.origin, config: Config = {}) {
    const transport = createConnectTransport({
      baseUrl: address,
      defaultTimeoutMs: config.timeoutMs ?? TIMEOUT_MS,
      useBinaryFormat: true,
      interceptors: [access(config.token), repeat],
    });
    super(transport, false, config.timeoutMs);
  }
}
