import { createRegistry, type Message, toJson } from "@bufbuild/protobuf";
import { type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { file_promised_v1_admin } from "./gen/promised/v1/admin_pb.js";
import { file_promised_v1_allocation } from "./gen/promised/v1/allocation_pb.js";
import { file_promised_v1_analytics } from "./gen/promised/v1/analytics_pb.js";
import { file_promised_v1_availability } from "./gen/promised/v1/availability_pb.js";
import { file_promised_v1_catalog } from "./gen/promised/v1/catalog_pb.js";
import { file_promised_v1_common } from "./gen/promised/v1/common_pb.js";
import { file_promised_v1_event } from "./gen/promised/v1/event_pb.js";
import { file_promised_v1_exception } from "./gen/promised/v1/exception_pb.js";
import { file_promised_v1_promise } from "./gen/promised/v1/promise_pb.js";
import { file_promised_v1_scenario } from "./gen/promised/v1/scenario_pb.js";
import { file_promised_v1_snapshot } from "./gen/promised/v1/snapshot_pb.js";

/** The exact decimal of a quantity or an amount of money: rounded to 6 places, no trailing zeros. */
export function amount(number: number): string {
  const text = number.toFixed(6).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

/** The number of a decimal such as "2.5"; more than 6 places are refused, as the server would. */
export function quantity(decimal: string): number {
  if (!/^-?\d+(\.\d{1,6}0*)?$/.test(decimal)) {
    throw new RangeError(`${decimal}: expected a decimal with at most 6 places`);
  }
  return Number(decimal);
}

/** The calendar day of a Date, where the program runs, as the server reads it. */
export function day(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A Timestamp of a Date, such as for `orderedAt`. */
export const timestamp = timestampFromDate;

/** The Date of a Timestamp, such as of `heldUntil`; undefined of none. */
export function moment(timestamp: Timestamp): Date;
export function moment(timestamp: Timestamp | undefined): Date | undefined;
export function moment(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}

const messages = createRegistry(
  file_promised_v1_admin,
  file_promised_v1_allocation,
  file_promised_v1_analytics,
  file_promised_v1_availability,
  file_promised_v1_catalog,
  file_promised_v1_common,
  file_promised_v1_event,
  file_promised_v1_exception,
  file_promised_v1_promise,
  file_promised_v1_scenario,
  file_promised_v1_snapshot,
);

/** JSON text of a message, a part of one or a list of them, as the API writes it: enums and numbers of 64 bits as texts, instants as RFC 3339. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, part) => {
    if (typeof part === "bigint") return String(part);
    const of = typeof part?.$typeName === "string" ? messages.getMessage(part.$typeName) : undefined;
    return of ? toJson(of, part as Message) : part;
  });
}
