import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, readTraces, writeTrace } from "../../src/index.ts";
import { readRecordedBytes, recordedFiles, writtenFormats } from "./recorded-files.ts";

const traceId = "5bec1a1000000000000000000000a11f";

/** Reads it, or says that it is none: nothing else may happen. What is read can be written. */
function readOrRefuse(content: Uint8Array | string): "read" | "refused" {
  try {
    for (const trace of readTraces(content, { traceId }).traces.values()) {
      for (const format of writtenFormats) writeTrace(trace, format);
    }
    return "read";
  } catch (error) {
    if (error instanceof FormatError) return "refused";
    throw error;
  }
}

const anyJson = fc.jsonValue({ maxDepth: 6 });
const wordsOfFormats = fc.constantFrom(
  "resourceSpans",
  "resourceLogs",
  "scopeSpans",
  "spans",
  "result",
  "data",
  "meta",
  "errors",
  "children",
  "event_id",
  "event_type",
  "traceID",
  "spanID",
  "processes",
  "tags",
  "references",
  "attributes",
  "__proto__",
  "constructor",
  "toString",
);

describe("whatever a file holds, it is read or refused", () => {
  it("any text and any bytes", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array(),
          fc.uint8Array().map((bytes) => Buffer.from([0x0a, ...bytes])),
        ),
        (content) => {
          expect(["read", "refused"]).toContain(readOrRefuse(content));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("any JSON that has the words of the formats", () => {
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "medium" },
        anyJson,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(wordsOfFormats, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.dictionary(wordsOfFormats, value, { maxKeys: 4 }), (json) => {
        expect(["read", "refused"]).toContain(readOrRefuse(JSON.stringify(json)));
      }),
      { numRuns: 500 },
    );
  });

  it.each(recordedFiles.filter(({ folder }) => folder === "special" || folder === "order-failed"))(
    "$folder/$file ($format) with parts of it cut out, doubled, or replaced",
    ({ folder, file }) => {
      const bytes = readRecordedBytes(folder, file);
      expect.hasAssertions();
      fc.assert(
        fc.property(
          fc.nat(bytes.length),
          fc.nat(200),
          fc.uint8Array({ maxLength: 20 }),
          (at, length, inserted) => {
            const changed = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + length)]);
            expect(["read", "refused"]).toContain(readOrRefuse(changed));
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it.each([
    ["nested lists", "[".repeat(100_000) + "]".repeat(100_000)],
    ["nested objects", '{"resourceSpans":'.repeat(50_000) + "1" + "}".repeat(50_000)],
    [
      "nested values",
      `{"resourceSpans":[{"resource":{"attributes":${'[{"key":"a","value":{"kvlistValue":{"values":'.repeat(20_000)}1${"}}}]".repeat(20_000)}}}]}`,
    ],
    [
      "nested tags",
      `{"data":[{"spans":[{"traceID":"1","spanID":"1","startTime":1,"duration":1,"tags":[{"key":"a","value":${"[".repeat(50_000)}${"]".repeat(50_000)}}]}]}]}`,
    ],
    [
      "nested attributes of Sentry's API",
      `[{"event_id":"00000000000000a1","event_type":"span","additional_attributes":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}}]`,
    ],
    ["unclosed braces", "{\n".repeat(200_000)],
    ["an envelope of unclosed braces", `{}\n{"type":"span"}\n${"{\n".repeat(200_000)}`],
    ["quotes", `{}\n{"type":"span"}\n${'{"\n'.repeat(200_000)}`],
    ["lengths beyond the end", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1])],
    ["varints without an end", Buffer.alloc(1000, 0xff)],
    ["zeros", Buffer.alloc(1_000_000)],
    ["UTF-16", Buffer.from('{"resourceSpans":[]}', "utf16le")],
  ])("%s", (_, content) => {
    expect(["read", "refused"]).toContain(readOrRefuse(content));
  });

  it("values of protobuf that are nested too deeply are left out", () => {
    // AnyValue → ArrayValue → AnyValue …, each a length-delimited field within the one before.
    let value: Uint8Array = Buffer.from([0x0a, 0x00]);
    for (let depth = 0; depth < 2000; depth += 1) value = lengthDelimited(depth % 2 === 0 ? 1 : 5, value);
    const attribute = lengthDelimited(
      1,
      Buffer.concat([lengthDelimited(1, Buffer.from("a")), lengthDelimited(2, value)]),
    );
    const request = lengthDelimited(1, lengthDelimited(1, attribute));
    expect(readTraces(request)).toMatchObject({ traces: { size: 0 }, skipped: [{ count: 1 }] });
  });
});

function lengthDelimited(field: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([field * 8 + 2, ...length]), content]);
}

describe("keys that mean something to JavaScript", () => {
  it("are attributes like others in every format", () => {
    const attributes = Object.fromEntries(
      ["__proto__", "constructor", "toString", "hasOwnProperty", ""].map((key) => [key, "x"]),
    );
    const span = {
      traceId,
      spanId: "a".repeat(16),
      name: "x",
      service: "s",
      status: "ok" as const,
      startTimeUnixNano: "1000",
      endTimeUnixNano: "2000",
      attributes,
      resource: attributes,
      events: [],
      links: [],
    };
    for (const format of writtenFormats) {
      const written = writeTrace({ traceId, format: "otlp", spans: [span], errors: [], logs: [] }, format);
      const [read] = readTraces(written, { traceId }).traces.get(traceId)?.spans ?? [];
      expect(Object.entries(read?.attributes ?? {})).toEqual(
        expect.arrayContaining(Object.entries(attributes)),
      );
      expect(Object.getPrototypeOf(read?.attributes)).toBe(Object.prototype);
    }
    expect({}).not.toHaveProperty("x");
  });

  it("name no trace, process or format", () => {
    expect(() => readTraces('{"__proto__":{"resourceSpans":[]}}')).toThrow(FormatError);
    const content =
      '{"data":[{"spans":[{"traceID":"1","spanID":"1","startTime":1,"duration":1,"processID":"__proto__"}],"processes":{}}]}';
    expect([...readTraces(content).traces.values()][0]?.spans[0]?.service).toBe("unknown");
  });
});
