import { AmqpError } from "../errors.ts";
import { ByteReader, type ByteWriter } from "./bytes.ts";

/** What a field holds, by RabbitMQ's name of its type. */
interface FieldValues {
  bool: boolean;
  byte: number;
  unsignedbyte: number;
  short: number;
  unsignedshort: number;
  signedint: number;
  unsignedint: number;
  long: bigint;
  float: number;
  double: number;
  decimal: { scale: number; digits: number };
  longstr: string;
  array: Field[];
  timestamp: bigint;
  table: Table;
  void: undefined;
  binary: string;
}
export type FieldType = keyof FieldValues;

/** One value of a field table with its wire type, so that writing it again gives the same bytes. */
export type Field = { [T in FieldType]: { type: T; value: FieldValues[T] } }[FieldType];

export type Table = ReadonlyMap<string, Field>;

export const emptyTable: Table = new Map();

/** Deeper nesting is refused: reading and writing recurse. */
const maxDepth = 64;

interface FieldCodec<V> {
  letter: string;
  read: (reader: ByteReader, depth: number) => V;
  write: (writer: ByteWriter, value: V) => void;
}

/** Source of the letters: https://www.rabbitmq.com/amqp-0-9-1-errata#section_3 */
const codecs: { [T in FieldType]: FieldCodec<FieldValues[T]> } = {
  bool: { letter: "t", read: (from) => from.uint8() !== 0, write: (to, value) => to.uint8(value ? 1 : 0) },
  byte: { letter: "b", read: (from) => from.int8(), write: (to, value) => to.int8(value) },
  unsignedbyte: { letter: "B", read: (from) => from.uint8(), write: (to, value) => to.uint8(value) },
  short: { letter: "s", read: (from) => from.int16(), write: (to, value) => to.int16(value) },
  unsignedshort: { letter: "u", read: (from) => from.uint16(), write: (to, value) => to.uint16(value) },
  signedint: { letter: "I", read: (from) => from.int32(), write: (to, value) => to.int32(value) },
  unsignedint: { letter: "i", read: (from) => from.uint32(), write: (to, value) => to.uint32(value) },
  long: { letter: "l", read: (from) => from.int64(), write: (to, value) => to.int64(value) },
  float: { letter: "f", read: (from) => from.float(), write: (to, value) => to.float(value) },
  double: { letter: "d", read: (from) => from.double(), write: (to, value) => to.double(value) },
  decimal: {
    letter: "D",
    read: (from) => ({ scale: from.uint8(), digits: from.uint32() }),
    write: (to, { scale, digits }) => to.uint8(scale).uint32(digits),
  },
  longstr: { letter: "S", read: (from) => from.longString(), write: (to, value) => to.longString(value) },
  array: { letter: "A", read: readArray, write: writeArray },
  timestamp: { letter: "T", read: (from) => from.uint64(), write: (to, value) => to.uint64(value) },
  table: { letter: "F", read: readTable, write: writeTable },
  void: { letter: "V", read: () => undefined, write: () => undefined },
  binary: { letter: "x", read: (from) => from.longString(), write: (to, value) => to.longString(value) },
};

const types = new Map<string, FieldType>();
for (const [type, { letter }] of Object.entries(codecs)) types.set(letter, type as FieldType);

/** Reads a table, its length first. Throws FRAME_ERROR. */
export function readTable(reader: ByteReader, depth = 0): Table {
  const block = new ByteReader(reader.slice(reader.uint32()));
  if (block.remaining === 0) return emptyTable;
  const table = new Map<string, Field>();
  while (block.remaining > 0) {
    const key = block.shortString();
    table.set(key, readField(block, depth));
  }
  return table;
}

function readArray(reader: ByteReader, depth: number): Field[] {
  const block = new ByteReader(reader.slice(reader.uint32()));
  const items: Field[] = [];
  while (block.remaining > 0) items.push(readField(block, depth));
  return items;
}

function readField(reader: ByteReader, depth: number): Field {
  if (depth > maxDepth) throw new AmqpError(501, `tables nested deeper than ${maxDepth}`);
  const letter = String.fromCharCode(reader.uint8());
  const type = types.get(letter);
  if (type === undefined) throw new AmqpError(501, `unknown field type ${JSON.stringify(letter)}`);
  return { type, value: codecs[type].read(reader, depth + 1) } as Field;
}

export function writeTable(writer: ByteWriter, table: Table): void {
  writeSized(writer, () => {
    for (const [key, field] of table) {
      writer.shortString(key);
      writeField(writer, field);
    }
  });
}

function writeArray(writer: ByteWriter, items: Field[]): void {
  writeSized(writer, () => {
    for (const item of items) writeField(writer, item);
  });
}

function writeField<T extends FieldType>(
  writer: ByteWriter,
  field: { type: T; value: FieldValues[T] },
): void {
  const codec: FieldCodec<FieldValues[T]> = codecs[field.type];
  writer.uint8(codec.letter.charCodeAt(0));
  codec.write(writer, field.value);
}

function writeSized(writer: ByteWriter, write: () => void): void {
  const at = writer.length;
  writer.uint32(0);
  write();
  writer.patchUint32(at, writer.length - at - 4);
}
