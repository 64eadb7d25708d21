import { describe, expect, it } from "vitest";
import { ByteWriter } from "./bytes.ts";
import { methodTable, type MethodName } from "./method-table.ts";
import { methodId, readMethod, writeMethod, type Arguments } from "./method.ts";
import type { Table } from "./table.ts";

const table: Table = new Map([["x-max-length", { type: "signedint", value: 3 } as const]]);

const samples: Record<string, unknown> = {
  octet: 200,
  short: 60_000,
  long: 4_000_000_000,
  longlong: 2n ** 63n,
  bit: true,
  shortstr: "name",
  longstr: "long name",
  table,
};

function write<N extends MethodName>(name: N, args: Arguments<N>): Buffer {
  const writer = new ByteWriter();
  writeMethod(writer, name, args);
  return writer.bytes();
}

describe("methods", () => {
  it("are written as the protocol lays them out", () => {
    const bytes = write("queue.declare", {
      reserved1: 0,
      queue: "q",
      passive: false,
      durable: true,
      exclusive: false,
      autoDelete: false,
      noWait: true,
      arguments: table,
    });
    const argument = `0c${Buffer.from("x-max-length").toString("hex")}4900000003`;
    expect(bytes.toString("hex")).toBe(`0032000a000001711200000012${argument}`);
  });

  it.for(Object.keys(methodTable) as MethodName[])("%s survives writing and reading", (name) => {
    const fields = Object.entries(methodTable[name].fields as Record<string, string>);
    const args: unknown = Object.fromEntries(fields.map(([field, type]) => [field, samples[type]]));
    expect(readMethod(write(name, args as never))).toEqual({ name, args });
  });

  it("have ids of their own", () => {
    const ids = (Object.keys(methodTable) as MethodName[]).map((name) => methodId(name).join("."));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("nobody knows are refused", () => {
    expect(() => readMethod(Buffer.from([0, 60, 0, 99]))).toThrow("COMMAND_INVALID - unknown method 60.99");
  });

  it.for([
    ["cut short", [0, 50, 0, 10, 0, 0, 5, 65]],
    ["too long", [0, 20, 0, 20, 1, 1]],
    ["with a table longer than the frame", [0, 40, 0, 10, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]],
  ] as const)("%s are refused", ([, bytes]) => {
    expect(() => readMethod(Buffer.from(bytes))).toThrow(/^FRAME_ERROR - cannot decode/);
  });
});
