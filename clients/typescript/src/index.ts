/** Client of Promised for Node: a generated client of each service, over a connection that repeats what got no answer. */
import { type Client as Of, Code, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { away, details } from "./errors.js";
import { AllocationService } from "./gen/promised/v1/allocation_pb.js";
import { AvailabilityService } from "./gen/promised/v1/availability_pb.js";
import { type ListPromisesRequestSchema, PromiseService, type Reservation } from "./gen/promised/v1/promise_pb.js";
import { BacklogService, ScenarioService } from "./gen/promised/v1/scenario_pb.js";
import { SnapshotService } from "./gen/promised/v1/snapshot_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";

export * from "./errors.js";
export * from "./values.js";

export interface Config {
  /** Milliseconds that a call may take, its repetitions included; 30,000 if not given. A call's `timeoutMs` goes first. */
  timeoutMs?: number;
  /** Goes with each call. */
  token?: string;
  /** Certificates (PEM) to trust in place of the system's; an https address. */
  ca?: string | Buffer;
}

/** A connection to a server: `new Client("http://127.0.0.1:50051")`. Calls take an AbortSignal as `signal`. */
export class Client {
  readonly transport: Transport;
  readonly promises: Of<typeof PromiseService>;
  readonly availability: Of<typeof AvailabilityService>;
  readonly allocation: Of<typeof AllocationService>;
  readonly snapshots: Of<typeof SnapshotService>;
  readonly scenarios: Of<typeof ScenarioService>;
  readonly backlog: Of<typeof BacklogService>;

  constructor(address = "http://127.0.0.1:50051", config: Config = {}) {
    this.transport = createGrpcTransport({
      baseUrl: /^https?:/.test(address) ? address : `http://${address}`,
      defaultTimeoutMs: config.timeoutMs ?? 30_000,
      readMaxBytes: 256 << 20,
      nodeOptions: config.ca ? { ca: config.ca } : undefined,
      interceptors: [access(config.token), repeat],
    });
    this.promises = createClient(PromiseService, this.transport);
    this.availability = createClient(AvailabilityService, this.transport);
    this.allocation = createClient(AllocationService, this.transport);
    this.snapshots = createClient(SnapshotService, this.transport);
    this.scenarios = createClient(ScenarioService, this.transport);
    this.backlog = createClient(BacklogService, this.transport);
  }

  /** All promises that the filters of a list leave, page after page. */
  async *pages(filters: Omit<MessageInitShape<typeof ListPromisesRequestSchema>, "pageToken" | "$typeName">): AsyncGenerator<Reservation> {
    let pageToken = "";
    do {
      const page = await this.promises.list({ ...filters, pageToken });
      yield* page.promises;
      pageToken = page.nextPageToken;
    } while (pageToken);
  }
}

function access(token?: string): Interceptor {
  return (next) => (request) => {
    if (token) {
      request.header.set("authorization", `Bearer ${token}`);
    }
    return next(request);
  };
}

/** Done twice these do more than done once, and they take no request id. */
const ONCE = new Set(["ScenarioService.Create", "ScenarioService.Change", "SnapshotService.Activate"]);

/** Gives a command its id, and sends again what an unavailable or busy server did not answer, until the time is up. */
const repeat: Interceptor = (next) => async (request) => {
  if (request.stream) {
    return next(request);
  }
  if (request.method.input.field.requestId) {
    const command = request.message as unknown as { requestId: string };
    command.requestId ||= randomUUID();
  }
  const once = ONCE.has(`${request.service.name}.${request.method.name}`);
  for (let attempt = 0; ; attempt++) {
    try {
      return await next(request);
    } catch (fault) {
      const told = details(fault);
      const busy = told.code === Code.ResourceExhausted && told.retryAfterMs !== undefined;
      if (request.signal.aborted || !(busy || (away(fault) && !once))) {
        throw fault;
      }
      const wait = told.retryAfterMs ?? Math.min(2000, 50 * 2 ** Math.min(attempt, 6));
      // Given up while it waits: the last fault says more than that the time is up.
      await sleep(wait * (1 + Math.random() / 4), undefined, { signal: request.signal }).catch(() => {
        throw fault;
      });
    }
  }
};
