import { AmqpError } from "../errors.ts";
import { ByteReader, type ByteWriter } from "./bytes.ts";
import { methodTable, type MethodName } from "./method-table.ts";
import { readTable, writeTable, type Table } from "./table.ts";

interface FieldTypes {
  octet: number;
  short: number;
  long: number;
  longlong: bigint;
  bit: boolean;
  shortstr: string;
  longstr: string;
  table: Table;
}
type FieldType = keyof FieldTypes;
type Fields<N extends MethodName> = (typeof methodTable)[N]["fields"];
type ValueOf<T> = T extends FieldType ? FieldTypes[T] : never;

/** The arguments of one method as plain values. */
export type Arguments<N extends MethodName> = { [K in keyof Fields<N>]: ValueOf<Fields<N>[K]> };

/** A method as it came in; `name` tells the arguments apart. */
export type Method = { [N in MethodName]: { name: N; args: Arguments<N> } }[MethodName];

/** What to do for some of the methods, given who received it. */
export type MethodHandlers<Receiver> = {
  [N in MethodName]?: (receiver: Receiver, args: Arguments<N>) => void;
};

/** Runs the handler of a method. False when there is none. */
export function handleMethod<Receiver, N extends MethodName>(
  handlers: MethodHandlers<Receiver>,
  receiver: Receiver,
  method: { name: N; args: Arguments<N> },
): boolean {
  const handler: MethodHandlers<Receiver>[N] = handlers[method.name];
  if (handler === undefined) return false;
  handler(receiver, method.args);
  return true;
}

interface Layout {
  id: readonly [number, number];
  fields: readonly (readonly [string, FieldType])[];
}
type Value = FieldTypes[FieldType];

const layouts = new Map<MethodName, Layout>();
const names = new Map<number, MethodName>();
for (const [key, method] of Object.entries(methodTable)) {
  const name = key as MethodName;
  const fields = Object.entries(method.fields as Record<string, FieldType>);
  layouts.set(name, { id: method.id, fields });
  names.set(method.id[0] * 65_536 + method.id[1], name);
}

function layoutOf(name: MethodName): Layout {
  const layout = layouts.get(name);
  if (layout === undefined) throw new Error(`no layout for ${name}`);
  return layout;
}

/** Class and method number, as they stand in `close` methods. */
export function methodId(name: MethodName): readonly [number, number] {
  return layoutOf(name).id;
}

/** Reads the payload of a method frame. Throws FRAME_ERROR or COMMAND_INVALID for what is no method. */
export function readMethod(payload: Buffer): Method {
  const reader = new ByteReader(payload);
  const [classNumber, methodNumber] = [reader.uint16(), reader.uint16()];
  const name = names.get(classNumber * 65_536 + methodNumber);
  if (name === undefined) throw new AmqpError(503, `unknown method ${classNumber}.${methodNumber}`);
  try {
    return readArguments(reader, name);
  } catch (error) {
    throw error instanceof AmqpError
      ? new AmqpError(501, `cannot decode ${name}: ${error.message}`, name)
      : error;
  }
}

function readArguments(reader: ByteReader, name: MethodName): Method {
  const args: Record<string, Value> = {};
  let bits = 0;
  let bitsLeft = 0;
  for (const [field, type] of layoutOf(name).fields) {
    if (type !== "bit") {
      bitsLeft = 0;
      args[field] = readValue(reader, type);
      continue;
    }
    // Neighbouring bits share octets, the first one in the lowest place.
    if (bitsLeft === 0) {
      bits = reader.uint8();
      bitsLeft = 8;
    }
    args[field] = (bits & 1) === 1;
    bits >>= 1;
    bitsLeft--;
  }
  reader.end();
  return { name, args } as unknown as Method;
}

function readValue(reader: ByteReader, type: Exclude<FieldType, "bit">): Value {
  if (type === "octet") return reader.uint8();
  if (type === "short") return reader.uint16();
  if (type === "long") return reader.uint32();
  if (type === "longlong") return reader.uint64();
  if (type === "shortstr") return reader.shortString();
  if (type === "longstr") return reader.longString();
  return readTable(reader);
}

/** Writes class, method and arguments: the payload of a method frame. */
export function writeMethod<N extends MethodName>(writer: ByteWriter, name: N, args: Arguments<N>): void {
  const { id, fields } = layoutOf(name);
  const values = args as Record<string, Value>;
  writer.uint16(id[0]).uint16(id[1]);
  let bits: boolean[] = [];
  const flushBits = (): void => {
    for (let at = 0; at < bits.length; at += 8) {
      writer.uint8(bits.slice(at, at + 8).reduce((octet, bit, place) => octet | (bit ? 1 << place : 0), 0));
    }
    bits = [];
  };
  for (const [field, type] of fields) {
    const value = values[field];
    if (typeof value === "boolean") {
      bits.push(value);
      continue;
    }
    flushBits();
    writeValue(writer, type, value);
  }
  flushBits();
}

function writeValue(writer: ByteWriter, type: FieldType, value: Value | undefined): void {
  if (typeof value === "bigint") writer.uint64(value);
  else if (typeof value === "number") writeNumber(writer, type, value);
  else if (typeof value === "string") {
    if (type === "shortstr") writer.shortString(value);
    else writer.longString(value);
  } else if (typeof value === "object") writeTable(writer, value);
  else throw new Error(`no value for a field of type ${type}`);
}

function writeNumber(writer: ByteWriter, type: FieldType, value: number): void {
  if (type === "octet") writer.uint8(value);
  else if (type === "short") writer.uint16(value);
  else writer.uint32(value);
}
