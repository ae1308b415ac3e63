/** What the clients for Node and for browsers share. */
import type { DescService } from "@bufbuild/protobuf";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { newId, pause, TIMEOUT_MS } from "./access.js";
import { Code, PromisedError } from "./errors.js";
import { AdminService } from "./gen/promised/v1/admin_pb.js";
import { AllocationService } from "./gen/promised/v1/allocation_pb.js";
import { AnalyticsService } from "./gen/promised/v1/analytics_pb.js";
import { AvailabilityService } from "./gen/promised/v1/availability_pb.js";
import { CatalogService } from "./gen/promised/v1/catalog_pb.js";
import { type Event, EventService, type WatchEventsRequest } from "./gen/promised/v1/event_pb.js";
import { ExceptionService } from "./gen/promised/v1/exception_pb.js";
import { type ListPromisesRequest, type PromiseRequest, PromiseRequestSchema, type PromiseResponse, PromiseService, type PromiseStreamResponse, type Reservation } from "./gen/promised/v1/promise_pb.js";
import { BacklogService, ScenarioService } from "./gen/promised/v1/scenario_pb.js";
import { SnapshotService } from "./gen/promised/v1/snapshot_pb.js";
import type { Fields } from "./input.js";
import { message, type Of, serviceOf } from "./services.js";

export { type Config } from "./access.js";
export * from "./errors.js";
export { type Fields, type Span } from "./input.js";
export * from "./values.js";

/** Whether requests and answers may flow at once: browsers cannot. */
export type Duplex = boolean;

/** All services over a transport. `Client` of this package makes the transport too. */
export class Services {
  /** What the services are made of. */
  static readonly all: DescService[] = [PromiseService, AvailabilityService, AllocationService, SnapshotService, ScenarioService, BacklogService, CatalogService, ExceptionService, EventService, AnalyticsService, AdminService];
  readonly promises: Of<typeof PromiseService>;
  readonly availability: Of<typeof AvailabilityService>;
  readonly allocation: Of<typeof AllocationService>;
  readonly snapshots: Of<typeof SnapshotService>;
  readonly scenarios: Of<typeof ScenarioService>;
  readonly backlog: Of<typeof BacklogService>;
  readonly catalog: Of<typeof CatalogService>;
  readonly exceptions: Of<typeof ExceptionService>;
  readonly events: Of<typeof EventService>;
  readonly analytics: Of<typeof AnalyticsService>;
  readonly admin: Of<typeof AdminService>;

  constructor(
    readonly transport: Transport,
    private readonly duplex: Duplex,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    this.promises = serviceOf(PromiseService, transport);
    this.availability = serviceOf(AvailabilityService, transport);
    this.allocation = serviceOf(AllocationService, transport);
    this.snapshots = serviceOf(SnapshotService, transport);
    this.scenarios = serviceOf(ScenarioService, transport);
    this.backlog = serviceOf(BacklogService, transport);
    this.catalog = serviceOf(CatalogService, transport);
    this.exceptions = serviceOf(ExceptionService, transport);
    this.events = serviceOf(EventService, transport);
    this.analytics = serviceOf(AnalyticsService, transport);
    this.admin = serviceOf(AdminService, transport);
  }

  /** All promises that the filters of a list leave, page after page. */
  async *pages(filters: Omit<Fields<ListPromisesRequest>, "pageToken">, options?: CallOptions): AsyncGenerator<Reservation> {
    let pageToken = "";
    do {
      const page = await this.promises.list({ ...filters, pageToken }, options);
      yield* page.promises;
      pageToken = page.nextPageToken;
    } while (pageToken);
  }

  /**
   * The events that the filters of `events.watch` leave, on and on: a stream that breaks is opened anew where it stood, without
   * a gap or a repetition. From now on, unless `fromSequence` says from where.
   */
  async *watch(filters: Fields<WatchEventsRequest> = {}, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Event> {
    let last: Event | undefined;
    for (let attempt = 0, came = Date.now(); ; attempt++) {
      try {
        for await (const event of this.events.watch(last ? { ...filters, fromSequence: last.sequence } : filters, { signal, timeoutMs: 0 })) {
          [attempt, came] = [0, Date.now()];
          if (!last || event.sequence > last.sequence || (event.sequence === last.sequence && event.number > last.number)) {
            last = event;
            yield event;
          }
        }
        if (filters.untilSequence !== undefined) {
          return;
        }
        throw new PromisedError(Code.Unavailable, "the feed ended");
      } catch (fault) {
        const told = PromisedError.from(fault);
        if (signal?.aborted || !told.passing || Date.now() - came > this.timeoutMs || !(await pause(told, attempt, signal))) {
          throw told;
        }
      }
    }
  }

  /**
   * Promises many requests; yields an answer or a PromisedError each, in their order. At most `window` are under way:
   * the next is taken from `requests` when the caller has taken an answer. Over one stream, which is opened anew when it
   * breaks, what was not answered being sent again under the same ids; in browsers by single calls.
   */
  async *promiseMany(requests: Iterable<Many> | AsyncIterable<Many>, { window = 64, signal }: { window?: number; signal?: AbortSignal } = {}): AsyncGenerator<PromiseResponse | PromisedError> {
    const source = iterator(requests);
    try {
      yield* this.duplex ? this.manyStreams(source, window, signal) : this.manyCalls(source, window, signal);
    } finally {
      await source.return?.();
    }
  }

  private async *manyStreams(source: AsyncIterator<Many>, window: number, signal?: AbortSignal): AsyncGenerator<PromiseResponse | PromisedError> {
    const waiting: PromiseRequest[] = [];
    for (let attempt = 0, last = Date.now(); ; attempt++) {
      try {
        for await (const answer of this.manyOnce(source, waiting, window, signal)) {
          yield answer;
          [attempt, last] = [0, Date.now()];
        }
        return;
      } catch (fault) {
        const told = PromisedError.from(fault);
        if (!told.passing || Date.now() - last > this.timeoutMs || !(await pause(told, attempt, signal))) {
          throw told;
        }
      }
    }
  }

  private async *manyCalls(source: AsyncIterator<Many>, window: number, signal?: AbortSignal): AsyncGenerator<PromiseResponse | PromisedError> {
    const under: Promise<PromiseResponse | PromisedError>[] = [];
    for (let done = false; ; ) {
      while (!done && under.length < window) {
        const following = await source.next();
        if (following.done) {
          done = true;
        } else {
          under.push(this.promises.promise(following.value, { signal }).catch((fault) => PromisedError.from(fault)));
        }
      }
      const first = under.shift();
      if (!first) {
        return;
      }
      yield await first;
    }
  }

  /** Goes on over one stream. */
  private async *manyOnce(source: AsyncIterator<Many>, waiting: PromiseRequest[], window: number, signal?: AbortSignal) {
    const stop = new AbortController();
    const forward = () => stop.abort(signal?.reason);
    signal?.addEventListener("abort", forward, { once: true });
    const sent = new Queue<PromiseRequest>();
    waiting.forEach((request) => sent.push(request));
    // Streams have no time limit: it holds from answer to answer.
    const answers = this.promises.promiseStream(sent, { signal: stop.signal, timeoutMs: 0 })[Symbol.asyncIterator]() as AsyncIterator<PromiseStreamResponse>;
    try {
      for (let done = false; ; ) {
        while (!done && waiting.length < window) {
          const following = await source.next();
          if (following.done) {
            done = true;
          } else {
            const request = message(PromiseRequestSchema, following.value);
            request.requestId ||= newId();
            waiting.push(request);
            sent.push(request);
          }
        }
        if (waiting.length === 0) {
          sent.end();
          return;
        }
        const answer = await answers.next();
        if (answer.done) {
          throw new PromisedError(Code.Unavailable, "the stream ended before all requests were answered");
        }
        const request = waiting.shift()!;
        yield await this.answered(request, answer.value, signal);
      }
    } finally {
      signal?.removeEventListener("abort", forward);
      sent.end();
      stop.abort();
    }
  }

  private async answered(request: PromiseRequest, answer: PromiseStreamResponse, signal?: AbortSignal): Promise<PromiseResponse | PromisedError> {
    if (answer.outcome.case === "promised") {
      return answer.outcome.value;
    }
    const error = answer.outcome.case === "error" ? PromisedError.ofStream(answer.outcome.value) : new PromisedError(Code.Internal, "an answer without outcome");
    // Refused for want of room: asked again by itself, at its place.
    return error.passing ? this.promises.promise(request, { signal }).catch((fault) => PromisedError.from(fault)) : error;
  }
}

/** A request of many. */
export type Many = PromiseRequest | Fields<PromiseRequest>;

function iterator<T>(source: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> {
  return (async function* () {
    yield* source;
  })();
}

/** What is to be sent, taken one by one. */
class Queue<T> implements AsyncIterable<T> {
  private readonly full: T[] = [];
  private wake: () => void = () => {};
  private ended = false;

  push(one: T) {
    this.full.push(one);
    this.wake();
  }

  end() {
    this.ended = true;
    this.wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.full.length > 0) {
        yield this.full.shift()!;
      }
      if (this.ended) {
        return;
      }
      await new Promise<void>((woken) => (this.wake = woken));
    }
  }
}
