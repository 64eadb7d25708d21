import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { printTrace } from "../src/command/print-trace.ts";
import type { TraceSpan } from "@tracebridge/comparison";
import type { TraceView } from "../src/trace/model.ts";

const traceId = "cb7e69e06639453c8095a452d44c08ef";

/** A chain of spans, each the parent of the next. */
function chainOf(...names: string[]): TraceSpan[] {
  return names.map((name, index) => ({
    traceId,
    spanId: String(index + 1).padStart(16, "0"),
    ...(index > 0 ? { parentSpanId: String(index).padStart(16, "0") } : {}),
    name,
    service: index % 2 === 0 ? "web" : "order",
    op: "queue.process",
    status: "ok",
    startTimeUnixNano: `${index}000000`,
    endTimeUnixNano: `${index + 5}000000`,
    attributes: {},
    resource: {},
    events: [],
    links: [],
  }));
}

function traceOf(sentry: TraceSpan[], otlp: TraceSpan[] = []): TraceView {
  const none = { traceId, errors: [], logs: [] };
  return {
    traceId,
    sentry: { ...none, format: "sentry", spans: sentry },
    otlp: { ...none, format: "otlp", spans: otlp },
  };
}

const linesOf = (trace: TraceView, options: { colours?: boolean; width?: number } = {}): string[] =>
  printTrace(trace, { colours: false, width: 120, ...options }).split("\n");

describe("a printed trace", () => {
  it("has its columns aligned", () => {
    expect(linesOf(traceOf(chainOf("POST /order", "process order", "process web"))).slice(2, 6)).toEqual([
      "Sentry  3 spans in 2 services, 0 errors, 0 logs",
      "  web: POST /order       queue.process     5.0 ms  ok",
      "    order: process order queue.process     5.0 ms  ok",
      "      web: process web   queue.process     5.0 ms  ok",
    ]);
  });

  it.each([40, 60, 80])("fits into a terminal of %i columns, with the start of every name", (width) => {
    const names = Array.from(
      { length: 8 },
      (_, index) => `step ${index} of a journey with quite a long name`,
    );
    const rows = linesOf(traceOf(chainOf(...names)), { width }).slice(3, 11);
    for (const [index, row] of rows.entries()) {
      expect(row.length).toBeLessThanOrEqual(width);
      expect(row).toContain(index % 2 === 0 ? "web: st" : "order: st");
      expect(row).toMatch(/5\.0 ms {2}ok$/);
    }
  });

  it("is the same with colours, but for the colours", () => {
    const trace = traceOf(chainOf("POST /order", "process order"));
    const coloured = linesOf(trace, { colours: true });
    expect(coloured.join("")).toContain("\u001b[");
    expect(coloured.map((line) => stripVTControlCharacters(line))).toEqual(linesOf(trace));
  });

  it("lets no span take over the terminal or break the tree", () => {
    const text = linesOf(traceOf(chainOf("\u001b[2Jcleared\r\nEnd\u202e"))).join("\n");
    expect(text).toContain("web: �[2Jcleared��End�");
    for (const control of ["\u001b", "\r", "\u202e"]) expect(text).not.toContain(control);
  });

  it("names the setting when one side has nothing", () => {
    expect(linesOf(traceOf([], chainOf("x"))).join("\n")).toMatch(
      /Sentry {2}0 spans.*\n.*OTEL_TRACES_EXPORTER of the services has to name sentry/,
    );
  });

  it("says which span's parent has not arrived", () => {
    expect(linesOf(traceOf(chainOf("a", "b").slice(1)))[3]).toContain("order: (parent has not arrived) b");
  });

  it("of 50,000 spans under one parent, or one beneath the other, is printed whole", () => {
    const names = Array.from({ length: 50_000 }, () => "x");
    const deep = chainOf(...names);
    const flat = deep.map((span, index) => (index === 0 ? span : { ...span, parentSpanId: deep[0]?.spanId }));
    expect(linesOf(traceOf(deep, flat)).length).toBeGreaterThan(100_000);
  });
});
