import { timestampFromDate } from "@bufbuild/protobuf/wkt";

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

/** JSON text of a message or a part of one: bigint as decimal text, which JSON.stringify alone refuses. */
export function json(value: unknown): string {
  return JSON.stringify(value, (key, part) => (key === "$typeName" || key === "$unknown" ? undefined : typeof part === "bigint" ? String(part) : part));
}
