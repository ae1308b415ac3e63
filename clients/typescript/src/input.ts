/** Requests as programs write them: Date for dates and times, numbers for bigint, a misspelt field refused. */
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { timestampFromDate, type Duration, type Timestamp } from "@bufbuild/protobuf/wkt";
import { day } from "./values.js";

/** A span of time: seconds, or a Duration. */
export type Span = number | Duration | { seconds: bigint | number; nanos?: number };

type DateField = "date" | "from" | `${string}Date` | `${string}DateFrom` | `${string}DateTo`;

type Loose<V> = V extends bigint
  ? bigint | number
  : V extends Timestamp
    ? Date | V
    : V extends Duration
      ? Span
      : V extends Message
        ? Fields<V> | V
        : V extends Uint8Array
          ? Uint8Array
          : V extends (infer One)[]
            ? Loose<One>[]
            : V extends { case: infer Case; value: infer Value }
              ? { case: Case; value: Loose<Value> }
              : V;

/** The fields of a message, as a plain object. */
export type Fields<T extends Message> = {
  [K in keyof T as K extends "$typeName" | "$unknown" ? never : K]?: (K extends DateField ? (T[K] extends string ? T[K] | Date : Loose<T[K]>) : Loose<T[K]>) | undefined;
};

/**
 * A plain object as the generated code takes it. What it would drop in silence (`hold_for` for `holdFor`) is a
 * TypeError that says what was meant; what it would refuse (a Date, a number for a bigint) is converted.
 */
export function input(schema: DescMessage, given: unknown, path = schema.name): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given as object)) {
    if (value === undefined || key === "$typeName" || key === "$unknown") {
      continue;
    }
    const oneof = schema.oneofs.find((one) => one.localName === key);
    if (oneof) {
      const { case: which, value: chosen } = value as { case?: string; value?: unknown };
      const field = oneof.fields.find((one) => one.localName === which);
      if (which !== undefined && !field) {
        throw unknown(`${path}.${key}`, which, oneof.fields.map((one) => one.localName));
      }
      answer[key] = field ? { case: which, value: one(field, chosen, `${path}.${key}`) } : value;
      continue;
    }
    const field = schema.field[key];
    if (!field || field.oneof) {
      throw unknown(path, key, schema.members.map((member) => member.localName));
    }
    const within = `${path}.${key}`;
    answer[key] = field.fieldKind === "list" ? (value as unknown[]).map((part, n) => one(field, part, `${within}[${n}]`)) : one(field, value, within);
  }
  return answer;
}

function unknown(path: string, key: string, fields: string[]): TypeError {
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
  const meant = fields.find((field) => plain(field) === plain(key));
  return new TypeError(`${path} has no field ${key}; ${meant ? `did you mean ${meant}?` : `it has: ${fields.join(", ")}`}`);
}

const LONG = new Set(["uint64", "int64", "sint64", "fixed64", "sfixed64"]);

function one(field: DescField, value: unknown, path: string): unknown {
  const within = field.message;
  if (within?.typeName === "google.protobuf.Timestamp" && value instanceof Date) {
    return timestampFromDate(value);
  }
  if (within?.typeName === "google.protobuf.Duration") {
    return span(value as Span);
  }
  if (within && field.fieldKind !== "map" && typeof value === "object" && value !== null) {
    return input(within, value, path);
  }
  if (value instanceof Date && field.scalar !== undefined) {
    return day(value);
  }
  if (typeof value === "number" && field.fieldKind === "scalar" && LONG.has(scalarName(field))) {
    return BigInt(value);
  }
  return value;
}

function scalarName(field: DescField): string {
  return String(field.proto.type ? TYPES[field.proto.type] : "");
}

/** Numbers of descriptor.proto. */
const TYPES: Record<number, string> = { 3: "int64", 4: "uint64", 6: "fixed64", 16: "sfixed64", 18: "sint64" };

function span(value: Span) {
  const { seconds, nanos = 0 } = typeof value === "number" ? { seconds: value } : value;
  if (typeof seconds === "bigint") {
    return { seconds, nanos };
  }
  const whole = Math.floor(seconds);
  return { seconds: BigInt(whole), nanos: nanos + Math.round((seconds - whole) * 1e9) };
}
