import { compareTraces, type Trace, type TraceSpan } from "@tracebridge/comparison";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { printComparison } from "../src/command/print-comparison.ts";
import type { TraceSource } from "../src/sources/source.ts";

const traceId = "cb7e69e06639453c8095a452d44c08ef";

function createSpan(at: number, name: string, rest: Partial<TraceSpan> = {}): TraceSpan {
  return {
    traceId,
    spanId: String(at).padStart(16, "0"),
    ...(at > 1 ? { parentSpanId: String(at - 1).padStart(16, "0") } : {}),
    name,
    service: "web",
    kind: "client",
    status: "unset",
    startTimeUnixNano: `17952062480000${String(at).padStart(5, "0")}`,
    endTimeUnixNano: "1795206248500000000",
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...rest,
  };
}

function traceOf(...spans: TraceSpan[]): Trace {
  return { traceId, format: "otlp", spans, errors: [], logs: [] };
}

function sourceOf(name: string, label: string): TraceSource {
  return { name, label, format: "otlp", readTrace: async () => undefined, findTraceIds: async () => [] };
}

function print(
  left: Trace,
  right: Trace,
  options: { width?: number; names?: [string, string] } = {},
): string[] {
  const { width = 120, names = ["One", "Other"] } = options;
  const sources = {
    left: sourceOf(`file:${names[0]}.json`, names[0]),
    right: sourceOf(`file:${names[1]}.json`, names[1]),
  };
  const compared = { comparison: compareTraces(left, right), left, right, otherTraceIds: [] };
  const printed = printComparison(compared, sources, {
    colours: false,
    width,
    all: true,
    compareUrl: "http://localhost:8007",
  });
  return printed.split("\n");
}

describe("a printed comparison", () => {
  it("has both sides of a span in one line, with a mark between them and what the marks mean", () => {
    const common = createSpan(1, "POST /order");
    const lines = print(
      traceOf(common, createSpan(2, "insert"), createSpan(3, "only here")),
      traceOf(
        common,
        createSpan(2, "insert it"),
        createSpan(4, "only there", { parentSpanId: common.spanId }),
      ),
    );
    const start = lines.findIndex((line) => line.startsWith("One  "));
    expect(lines.slice(start, start + 7)).toEqual([
      "One                                                     Other",
      "web: POST /order     client            500 ms  unset    web: POST /order     client            500 ms  unset",
      "  web: insert        client            500 ms  unset ≠    web: insert it     client            500 ms  unset",
      "    web: only here   client            500 ms  unset ≠<",
      "                                                     ≠>   web: only there    client            500 ms  unset",
      "",
      "≠ differs   < only One   > only Other",
    ]);
  });

  it("calls two sources of one kind left and right", () => {
    const lines = print(traceOf(createSpan(1, "a")), traceOf(createSpan(1, "b")), {
      names: ["OTLP", "OTLP"],
    });
    expect(lines).toContain("Left (file:OTLP.json): 1 span in 1 service, 0 logs");
    expect(lines).toContain('      Left   "a"');
    expect(lines).toContain('      Right  "b"');
  });

  it.each([40, 60, 80, 100, 120])("keeps its columns with Chinese names and emoji in %i columns", (width) => {
    const names = ["订单服务处理订单请求", "🚀🚀🚀 launch 🚀🚀🚀", "plain", "é́́́ é"];
    const spans = names.map((name, index) => createSpan(index + 1, name, { service: "工厂" }));
    const lines = print(traceOf(...spans), traceOf(...spans), { width });
    const rows = lines.filter((line) => line.includes("500 ms"));
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    const [first = "", ...others] = rows
      .slice(0, 4)
      .map((row) => stringWidth(row.slice(0, row.indexOf("500 ms"))));
    for (const other of others) expect(other).toBe(first);
  });

  it("prints long values whole, wrapped", () => {
    const value = "ж".repeat(1000);
    const lines = print(
      traceOf(createSpan(1, "a", { attributes: { key: value } })),
      traceOf(createSpan(1, "a")),
      {
        width: 60,
      },
    );
    const start = lines.indexOf('    attribute "key"');
    expect(lines[start - 1]).toBe("≠ web: a  0000000000000001");
    expect(lines.slice(start + 1, lines.indexOf("      Other  (none)")).join("")).toMatch(
      new RegExp(`^ {6}One {4}"[ж ]+"$`),
    );
    expect(lines.join("").match(/ж/g)?.length).toBe(1000);
  });

  it("names the parents of a span that was moved, and says which no side has", () => {
    const [a, b] = [createSpan(1, "a"), createSpan(2, "b")];
    const lines = print(traceOf(a, b), traceOf(a, { ...b, parentSpanId: "f".repeat(16) }));
    expect(lines).toContain("      One    web: a  0000000000000001");
    expect(lines).toContain(`      Other  ${"f".repeat(16)} (a span that neither side has)`);
  });

  it("prints times to the microsecond and durations in milliseconds", () => {
    const span = createSpan(1, "a", { startTimeUnixNano: "1795206248000123456" });
    const lines = print(traceOf(span), traceOf({ ...span, startTimeUnixNano: "1795206248100000000" }));
    expect(lines).toContain("      One    2026-11-20 20:24:08.000123 UTC");
    expect(lines).toContain("      Other  400.000 ms");
  });

  it("tells spans apart that only a control character tells apart", () => {
    const lines = print(traceOf(createSpan(1, "a\u0000")), traceOf(createSpan(1, "a\u0001")));
    expect(lines).toContain('      One    "a\\u0000"');
    expect(lines).toContain('      Other  "a\\u0001"');
  });

  it("has the twelve longest steps of the critical path in both views", () => {
    const spans = Array.from({ length: 15 }, (_, index) =>
      createSpan(index + 1, `step ${index + 1}`, {
        endTimeUnixNano: `17952062485000${60_000 - index * 100}`,
      }),
    );
    const lines = print(traceOf(...spans), traceOf(...spans));
    const start = lines.indexOf("Critical path");
    expect(lines[start + 14]).toBe("  and 3 shorter steps");
    expect(lines.slice(start + 2, start + 14).every((line) => /web: step \d+ .* ms .* ms$/.test(line))).toBe(
      true,
    );
  });

  it("of 20,000 spans beneath each other, with a difference in each, is printed whole", () => {
    const spans = Array.from({ length: 20_000 }, (_, index) => createSpan(index + 1, "x"));
    const renamed = spans.map((span) => ({ ...span, name: "y" }));
    const lines = print(traceOf(...spans), traceOf(...renamed));
    expect(lines.filter((line) => line === '      Other  "y"')).toHaveLength(20_000);
  });
});
