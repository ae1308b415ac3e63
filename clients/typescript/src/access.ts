/** What goes with each call, and what is sent again. */
import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { PromisedError } from "./errors.js";

/** How a server is reached. */
export interface Config {
  /** Milliseconds that a call may take, its repetitions included; 30,000 if not given. A call's `timeoutMs` goes first. */
  timeoutMs?: number;
  /** Goes with each call; a function is asked each time, for tokens that expire. */
  token?: string | (() => string | Promise<string>);
}

/** Milliseconds that a call may take, its repetitions included, where nobody says otherwise. */
export const TIMEOUT_MS = 30_000;

// Calls that begin so are questions: asked twice they do nothing more. All else is a command.
const QUESTIONS = /^(Check|Compare|Explain|Find|Get|List|Preview|Query|Quick|SelfCheck|WhoAmI|ClusterStatus)/;

/**
 * Whether a request does the same, sent once or twice, when nobody knows whether it arrived. A backlog run makes a
 * scenario of its own each time; its id is that of the application.
 */
export function repeatable(method: DescMethod, request: object): boolean {
  if (!method.input.field.requestId) {
    return QUESTIONS.test(method.name);
  }
  return !method.input.field.apply || Boolean((request as { apply?: boolean }).apply);
}

/** Token and position with each call; the position of a cluster is that of the last answer seen. */
export function access(token: Config["token"]): Interceptor {
  let seen = "";
  return (next) => async (request) => {
    const bearer = typeof token === "function" ? await token() : token;
    if (bearer) {
      request.header.set("authorization", `Bearer ${bearer}`);
    }
    if (seen && !request.header.has("promised-at-least")) {
      request.header.set("promised-at-least", seen);
    }
    const answer = await next(request);
    if (!answer.stream) {
      seen = (answer.message as { version?: { token?: string } }).version?.token || seen;
    }
    return answer;
  };
}

/** Gives a command its id, and sends again what an unavailable or busy server did not answer, until the time is up. */
export const repeat: Interceptor = (next) => async (request) => {
  if (request.stream) {
    return next(request);
  }
  if (request.method.input.field.requestId) {
    const command = request.message as unknown as { requestId: string };
    command.requestId ||= newId();
  }
  const again = repeatable(request.method, request.message);
  for (let attempt = 0; ; attempt++) {
    try {
      return await next(request);
    } catch (fault) {
      const told = PromisedError.from(fault);
      if (request.signal.aborted || !told.passing || !(again || told.nothingDone)) {
        throw fault;
      }
      // Given up while it waits: the last fault says more than that the time is up.
      if (!(await pause(told, attempt, request.signal))) {
        throw fault;
      }
    }
  }
};

/** Waits before a repetition; false where it was given up meanwhile. */
export function pause(told: PromisedError, attempt: number, signal?: AbortSignal): Promise<boolean> {
  const wait = (told.retryAfterMs ?? Math.min(2000, 50 * 2 ** Math.min(attempt, 6))) * (1 + Math.random() / 4);
  return new Promise((done) => {
    const stop = () => {
      clearTimeout(timer);
      done(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done(true);
    }, wait);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** An id for a command. `crypto.randomUUID` is missing on pages that came over plain http. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
