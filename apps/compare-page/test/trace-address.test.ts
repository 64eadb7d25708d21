import type { TracePageModel } from "@tracebridge/compare/page-model";
import { describe, expect, it } from "vitest";
import { createView, readLabels, readView } from "../src/trace/side.ts";
import { createTraceSearch, readTraceAddress } from "../src/trace/trace-address.ts";

describe("the address of a trace", () => {
  it("keeps everything that was chosen", () => {
    const address = {
      left: "jaeger:http://localhost:16686",
      right: "local:otlp",
      view: "otlp",
      span: "8208c1049977e516",
      services: ["a,b", "web & order"],
      q: "GET /ü?",
      rows: "failed" as const,
      zoom: "1-2.5",
      panel: "none",
      differences: { verdict: "late", field: "span", service: "web", rule: "sentry-op", text: "1=2" },
    };
    expect(readTraceAddress(createTraceSearch(address))).toEqual(address);
  });

  it("is short when nothing was chosen, and forgives what it does not know", () => {
    const nothing = readTraceAddress("?rows=sideways&utm=1&service=web&service=web");
    expect(nothing).toMatchObject({ rows: "all", services: ["web"], view: "" });
    expect(createTraceSearch({ ...nothing, services: [] })).toBe("");
  });
});

describe("a view", () => {
  const source = (name: string, label: string, format: string): unknown => ({
    source: { name, label, format },
  });
  const sides = (left: unknown, right: unknown): TracePageModel => ({ left, right }) as TracePageModel;
  const usual = sides(source("l", "Sentry", "sentry-api"), source("r", "Jaeger", "jaeger-v3"));
  const twoJaegers = sides(source("l", "Jaeger", "jaeger-v1"), source("r", "Jaeger", "jaeger-v3"));

  it("is called by the kind of back end, so that links need not know the sides", () => {
    expect(readView("sentry", usual)).toBe("left");
    expect(readView("otlp", usual)).toBe("right");
    expect(createView("right", usual)).toBe("otlp");
    expect(readView("anything", usual)).toBe("both");
  });

  it("is called by its side where both back ends are of one kind", () => {
    expect(readView("otlp", twoJaegers)).toBe("both");
    expect(readView("sentry", twoJaegers)).toBe("both");
    expect(createView("right", twoJaegers)).toBe("right");
    expect(readView("right", twoJaegers)).toBe("right");
    expect(readLabels(twoJaegers)).toEqual({ left: "l", right: "r" });
  });
});
