import { Code, ConnectError } from "@connectrpc/connect";
import { type Error as StreamError } from "./gen/promised/v1/promise_pb.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";

export { Code };

/** A field that holds something wrong. */
export interface Violation {
  field: string;
  description: string;
}

/** What the server refused, or that it could not be reached in time. */
export class PromisedError extends Error {
  override readonly name = "PromisedError";

  constructor(
    /** The canonical code: `Code.NotFound`. */
    readonly code: Code,
    message: string,
    /** Such as "INVALID_FIELDS"; empty where the server gave none. */
    readonly reason = "",
    /** What the message says, for programs. */
    readonly metadata: { [key: string]: string } = {},
    /** Every field that holds something wrong. */
    readonly violations: Violation[] = [],
    /** Milliseconds after which it pays to come back; undefined where the server said nothing of it. */
    readonly retryAfterMs?: number,
    cause?: unknown,
  ) {
    super(message, { cause });
  }

  /** The error of a call. */
  static from(fault: unknown): PromisedError {
    if (fault instanceof PromisedError) {
      return fault;
    }
    const error = ConnectError.from(fault);
    const info = error.findDetails(ErrorInfoSchema)[0];
    const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
    const violations = error.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations.map(({ field, description }) => ({ field, description })));
    const code = wentAway(error) ? Code.Unavailable : error.code;
    return new PromisedError(code, error.rawMessage, info?.reason, { ...info?.metadata }, violations, delay && milliseconds(delay), fault);
  }

  /** The error of one request of a stream, or of one line of a best-effort request. */
  static ofStream(error: StreamError): PromisedError {
    const violations = error.violations.map(({ field, description }) => ({ field, description }));
    return new PromisedError(error.code, error.message, error.reason, { ...error.metadata }, violations, error.retryAfter && milliseconds(error.retryAfter));
  }

  /** Whether the same may be asked again: the server is away, or busy and says until when. */
  get passing(): boolean {
    return this.code === Code.Unavailable || (this.code === Code.ResourceExhausted && this.retryAfterMs !== undefined);
  }

  /** Whether the server itself says that nothing was done; without this a lost answer may hide that it was. */
  get nothingDone(): boolean {
    return this.retryAfterMs !== undefined || (this.reason !== "" && this.reason !== "OUTCOME_UNKNOWN");
  }
}

function milliseconds(span: { seconds: bigint; nanos: number }): number {
  return Number(span.seconds) * 1000 + span.nanos / 1e6;
}

const GONE = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ERR_HTTP2_STREAM_ERROR", "ERR_HTTP2_SESSION_ERROR", "ERR_HTTP2_GOAWAY_SESSION"]);

/** Whether the server could not be reached, or went away before it answered: connect gives that several codes. */
function wentAway(error: ConnectError): boolean {
  const cause = error.cause as { code?: string; name?: string } | undefined;
  // A browser says no more than that a fetch failed.
  const fetchFailed = cause instanceof TypeError && error.code === Code.Unknown;
  // A process that dies leaves streams that Node calls cancelled; nobody here did.
  const cut = error.code === Code.Canceled && error.rawMessage.startsWith("http/2 stream closed");
  return cut || error.code === Code.Unavailable || GONE.has(cause?.code ?? "") || fetchFailed;
}
