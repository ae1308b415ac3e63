/** Client of Promised for Node: gRPC over HTTP/2. */
import { createGrpcTransport } from "@connectrpc/connect-node";
import { access, type Config as Common, repeat, TIMEOUT_MS } from "./access.js";
import { Services } from "./client.js";

export * from "./client.js";

/** How a server is reached. */
export interface Config extends Common {
  /** Certificates (PEM) to trust in place of the system's; an https address. */
  ca?: string | Uint8Array;
  /** Our own certificate and key (PEM). */
  certificate?: string | Uint8Array;
  key?: string | Uint8Array;
}

/** A connection to a server: `new Client("http://127.0.0.1:50051")`. Calls take an AbortSignal as `signal`. */
export class Client extends Services {
  constructor(address = "http://127.0.0.1:50051", config: Config = {}) {
    const [ca, cert, key] = [config.ca, config.certificate, config.key].map((pem) => (pem instanceof Uint8Array ? Buffer.from(pem) : pem));
    const transport = createGrpcTransport({
      baseUrl: /^https?:/.test(address) ? address : `http://${address}`,
      defaultTimeoutMs: config.timeoutMs ?? TIMEOUT_MS,
      readMaxBytes: 256 << 20,
      nodeOptions: ca || cert ? { ca, cert, key } : undefined,
      interceptors: [access(config.token), repeat],
    });
    super(transport, true, config.timeoutMs);
  }
}
