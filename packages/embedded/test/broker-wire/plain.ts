import { methodTable, type MethodName } from "../../src/broker/codec/method-table.ts";
import type { Arguments, Method } from "../../src/broker/codec/method.ts";
import { readProperties, type Properties } from "../../src/broker/codec/properties.ts";
import { emptyTable, type Field, type Table } from "../../src/broker/codec/table.ts";

/** Values a test writes down; {@link createTable} gives them wire types. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | Field
  | readonly Plain[]
  | { readonly [key: string]: Plain };

function isField(value: object): value is Field {
  return "type" in value && "value" in value;
}

function createField(plain: Plain): Field {
  if (typeof plain === "string") return { type: "longstr", value: plain };
  if (typeof plain === "boolean") return { type: "bool", value: plain };
  if (typeof plain === "number") return { type: "signedint", value: plain };
  if (plain === null) return { type: "void", value: undefined };
  if (Array.isArray(plain)) return { type: "array", value: plain.map((item: Plain) => createField(item)) };
  if (isField(plain)) return plain;
  return { type: "table", value: createTable(plain as Record<string, Plain>) };
}

export function createTable(plain: Record<string, Plain>): Table {
  return new Map(Object.entries(plain).map(([key, value]) => [key, createField(value)]));
}

function plainField(field: Field): unknown {
  if (field.type === "table") return plainTable(field.value);
  if (field.type === "array") return field.value.map((item) => plainField(item));
  if (typeof field.value === "bigint") return `${field.type} ${field.value}`;
  return field.type === "longstr" || field.type === "bool" ? field.value : { [field.type]: field.value };
}

/** A table as plain values, its keys sorted: their order means nothing. Times of death differ and are left out. */
function plainTable(table: Table): Record<string, unknown> {
  const entries = [...table].filter(([key, field]) => !(key === "time" && field.type === "timestamp"));
  return Object.fromEntries(
    entries
      .map(([key, field]) => [key, plainField(field)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

export function plainProperties(raw: Buffer): Record<string, unknown> {
  const { headers, ...others } = readProperties(raw);
  const plain = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, String(value)]));
  return headers === undefined ? plain : { ...plain, headers: plainTable(headers) };
}

export function plainArguments(method: Method): Record<string, unknown> {
  const entries = Object.entries(method.args as Record<string, unknown>);
  const kept = entries.filter(([key]) => !key.startsWith("reserved"));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (value instanceof Map) return [key, plainTable(value as Table)];
      return [key, typeof value === "bigint" ? Number(value) : value];
    }),
  );
}

const zeroValues: Record<string, unknown> = {
  octet: 0,
  short: 0,
  long: 0,
  longlong: 0n,
  bit: false,
  shortstr: "",
  longstr: "",
  table: emptyTable,
};

/** The arguments given, and zero, false or empty for the others. */
export function fillArguments<N extends MethodName>(name: N, given: Partial<Arguments<N>>): Arguments<N> {
  const types = Object.entries(methodTable[name].fields as Record<string, string>);
  const zeros = Object.fromEntries(types.map(([field, type]) => [field, zeroValues[type]]));
  return { ...zeros, ...given } as Arguments<N>;
}

/** Message properties as a test writes them. */
export type PlainProperties = Omit<Properties, "headers"> & { headers?: Record<string, Plain> };

export function createProperties({ headers, ...others }: PlainProperties): Properties {
  return headers === undefined ? others : { ...others, headers: createTable(headers) };
}
