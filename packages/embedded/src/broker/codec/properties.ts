import { AmqpError } from "../errors.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readTable, writeTable, type Table } from "./table.ts";

/** The properties of class basic in wire order; the first one has the highest flag bit. */
const layout = [
  ["contentType", "shortstr"],
  ["contentEncoding", "shortstr"],
  ["headers", "table"],
  ["deliveryMode", "octet"],
  ["priority", "octet"],
  ["correlationId", "shortstr"],
  ["replyTo", "shortstr"],
  ["expiration", "shortstr"],
  ["messageId", "shortstr"],
  ["timestamp", "timestamp"],
  ["type", "shortstr"],
  ["userId", "shortstr"],
  ["appId", "shortstr"],
  ["clusterId", "shortstr"],
] as const;

interface PropertyTypes {
  shortstr: string;
  octet: number;
  timestamp: bigint;
  table: Table;
}
type Entry = (typeof layout)[number];

/** Message properties as values; an absent property is undefined. */
export type Properties = { -readonly [E in Entry as E[0]]?: PropertyTypes[E[1]] };

/** Reads flags and values, the part of a content header after the body size. */
export function readProperties(raw: Buffer): Properties {
  const reader = new ByteReader(raw);
  const flags = reader.uint16();
  if ((flags & 0b11) !== 0) throw new AmqpError(501, "property flags that class basic does not have");
  const properties: Record<string, string | number | bigint | Table> = {};
  for (const [at, [name, type]] of layout.entries()) {
    if ((flags & (1 << (15 - at))) === 0) continue;
    if (type === "shortstr") properties[name] = reader.shortString();
    else if (type === "octet") properties[name] = reader.uint8();
    else if (type === "timestamp") properties[name] = reader.uint64();
    else properties[name] = readTable(reader);
  }
  reader.end();
  return properties;
}

/** The inverse of {@link readProperties}. Undefined properties are left out. */
export function writeProperties(properties: Properties): Buffer {
  const values = new ByteWriter();
  let flags = 0;
  for (const [at, [name]] of layout.entries()) {
    const value = properties[name];
    if (value === undefined) continue;
    flags |= 1 << (15 - at);
    if (typeof value === "string") values.shortString(value);
    else if (typeof value === "number") values.uint8(value);
    else if (typeof value === "bigint") values.uint64(value);
    else writeTable(values, value);
  }
  return new ByteWriter().uint16(flags).raw(values.bytes()).bytes();
}
