import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { readableLine } from "../src/output.ts";

const show = (line: unknown): string =>
  stripVTControlCharacters(readableLine(typeof line === "string" ? line : JSON.stringify(line)));

describe("a line that a service printed", () => {
  it("as JSON becomes time, level, text and its own fields", () => {
    const record = {
      level: 30,
      time: 1_795_248_590_570,
      service: "web",
      pid: 1,
      orderId: "alice",
      msg: "Message received",
    };
    expect(show(record)).toBe("08:09:50.570 INFO  Message received orderId=alice");
  });

  it("about an error shows the stack below", () => {
    const err = { message: "no stock", stack: "Error: no stock\n    at make" };
    expect(show({ level: 50, time: 0, err, msg: "Attempt failed" })).toBe(
      "00:00:00.000 ERROR Attempt failed\nError: no stock\n    at make",
    );
  });

  it("that is no log record is shown as it is", () => {
    for (const line of ["plain text", "{broken", '{"ready":true}', "[1]"]) expect(show(line)).toBe(line);
  });
});
