import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readTable, writeTable, type Field, type Table } from "./table.ts";

function write(table: Table): Buffer {
  const writer = new ByteWriter();
  writeTable(writer, table);
  return writer.bytes();
}

/** Type letter and value as they stand in the protocol's errata, and what they mean. */
const encodings: [string, Field][] = [
  ["7401", { type: "bool", value: true }],
  ["62ff", { type: "byte", value: -1 }],
  ["42ff", { type: "unsignedbyte", value: 255 }],
  ["73fffe", { type: "short", value: -2 }],
  ["75fffe", { type: "unsignedshort", value: 65_534 }],
  ["49fffffffd", { type: "signedint", value: -3 }],
  ["69fffffffd", { type: "unsignedint", value: 4_294_967_293 }],
  ["6cfffffffffffffffc", { type: "long", value: -4n }],
  ["663f000000", { type: "float", value: 0.5 }],
  ["643fe0000000000000", { type: "double", value: 0.5 }],
  ["44020000013a", { type: "decimal", value: { scale: 2, digits: 314 } }],
  ["5300000002c3bc", { type: "longstr", value: "Ã¼" }],
  ["78000000020001", { type: "binary", value: "\u0000\u0001" }],
  ["540000000065000000", { type: "timestamp", value: 0x65_00_00_00n }],
  ["56", { type: "void", value: undefined }],
  [
    "41000000057401620556",
    {
      type: "array",
      value: [
        { type: "bool", value: true },
        { type: "byte", value: 5 },
        { type: "void", value: undefined },
      ],
    },
  ],
  ["4600000004016b7400", { type: "table", value: new Map([["k", { type: "bool", value: false }]]) }],
];

describe("field tables", () => {
  it.for(encodings)("%s is read and written again byte for byte", ([hex, field]) => {
    const body = Buffer.concat([Buffer.from("\u0001a"), Buffer.from(hex, "hex")]);
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]);
    const table = readTable(new ByteReader(bytes));
    expect(table.get("a")).toEqual(field);
    expect(write(table)).toEqual(bytes);
  });

  it("with a type nobody knows are refused", () => {
    const bytes = Buffer.from([0, 0, 0, 3, 1, 97, 0x3f]);
    expect(() => readTable(new ByteReader(bytes))).toThrow('FRAME_ERROR - unknown field type "?"');
  });

  it("nested without end are refused, not followed", () => {
    let field: Field = { type: "void", value: undefined };
    for (let depth = 0; depth < 200; depth++) field = { type: "array", value: [field] };
    const bytes = write(new Map([["deep", field]]));
    expect(() => readTable(new ByteReader(bytes))).toThrow("FRAME_ERROR - tables nested deeper than 64");
  });
});
