/** A method a RPC: plain objects in, messages out, errors as PromisedError. */
import { create, type DescMessage, type DescService, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import { PromisedError } from "./errors.js";
import { type Fields, input } from "./input.js";

type Request<I extends DescMessage> = MessageShape<I> | Fields<MessageShape<I>>;

/** The methods of a service. */
export type Of<S extends DescService> = {
  [P in keyof S["method"]]: S["method"][P] extends { methodKind: infer Kind; input: infer I extends DescMessage; output: infer O extends DescMessage }
    ? Kind extends "unary"
      ? (request?: Request<I>, options?: CallOptions) => Promise<MessageShape<O>>
      : Kind extends "server_streaming"
        ? (request?: Request<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
        : Kind extends "client_streaming"
          ? (requests: AsyncIterable<Request<I>>, options?: CallOptions) => Promise<MessageShape<O>>
          : (requests: AsyncIterable<Request<I>>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
    : never;
};

type Call = (request: unknown, options?: CallOptions) => unknown;

/** The methods of a service over a transport. */
export function serviceOf<S extends DescService>(service: S, transport: Transport): Of<S> {
  const bare = createClient(service, transport) as unknown as Record<string, Call>;
  const methods: Record<string, Call> = {};
  for (const method of service.methods) {
    const call = bare[method.localName];
    const made = (given: unknown) => message(method.input, given);
    const byKind: Record<string, Call> = {
      unary: (given, options) => told(() => call(made(given), options)),
      client_streaming: (given, options) => told(() => call(each(given, made), options)),
      server_streaming: (given, options) => toldEach(call(made(given), options)),
      bidi_streaming: (given, options) => toldEach(call(each(given, made), options)),
    };
    methods[method.localName] = byKind[method.methodKind];
  }
  return methods as Of<S>;
}

/** A message of fields; a message is taken as it is. */
export function message<D extends DescMessage>(schema: D, given: unknown): MessageShape<D> {
  const made = given as { $typeName?: string } | undefined;
  return (made?.$typeName === schema.typeName ? made : create(schema, input(schema, made ?? {}) as MessageInitShape<D>)) as MessageShape<D>;
}

async function* each(given: unknown, made: (one: unknown) => unknown) {
  for await (const one of given as AsyncIterable<unknown>) {
    yield made(one);
  }
}

async function told(answer: () => unknown): Promise<unknown> {
  try {
    return await answer();
  } catch (fault) {
    // What is wrong with the program's own request is no error of a call.
    throw fault instanceof TypeError || fault instanceof RangeError ? fault : PromisedError.from(fault);
  }
}

async function* toldEach(answers: unknown) {
  try {
    yield* answers as AsyncIterable<unknown>;
  } catch (fault) {
    throw PromisedError.from(fault);
  }
}
