import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";

/** What an error tells programs. */
export interface Details {
  code: Code;
  /** Such as "INVALID_FIELDS"; empty where the server gave none. */
  reason: string;
  metadata: { [key: string]: string };
  /** Every field that holds something wrong. */
  violations: { field: string; description: string }[];
  /** Milliseconds after which it pays to come back; undefined where the server said nothing of it. */
  retryAfterMs?: number;
}

/** The details of an error of a call. */
export function details(fault: unknown): Details {
  const error = ConnectError.from(fault);
  const info = error.findDetails(ErrorInfoSchema)[0];
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    code: error.code,
    reason: info?.reason ?? "",
    metadata: { ...info?.metadata },
    violations: error.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations.map(({ field, description }) => ({ field, description }))),
    retryAfterMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

const GONE = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ERR_HTTP2_STREAM_ERROR", "ERR_HTTP2_SESSION_ERROR", "ERR_HTTP2_GOAWAY_SESSION"]);

/** Whether the server could not be reached, or went away before it answered. */
export function away(fault: unknown): boolean {
  const error = ConnectError.from(fault);
  const cause = error.cause as { code?: string } | undefined;
  return error.code === Code.Unavailable || GONE.has(cause?.code ?? "");
}
