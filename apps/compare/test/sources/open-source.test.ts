import { describe, expect, it } from "vitest";
import { openSource } from "../../src/sources/open-source.ts";
import { SourceError } from "../../src/sources/source.ts";
import { startCompare } from "../compare-process.ts";
import { sendOrder, traceId } from "../samples.ts";

describe("a source is opened by its name", () => {
  it.each([
    ["local:sentry", "local:sentry", "Sentry"],
    ["local:otlp", "local:otlp", "OTLP"],
    ["jaeger:http://localhost:16686", "jaeger:http://localhost:16686", "Jaeger"],
    ["jaeger:http://user:secret@localhost:16686/", "jaeger:http://localhost:16686", "Jaeger"],
    ["jaeger:https://user:secret@[::1]:16686/jaeger//", "jaeger:https://[::1]:16686/jaeger", "Jaeger"],
    ["sentry:acme", "sentry:acme", "Sentry"],
    ["file:traces.json", "file:traces.json", "traces.json"],
    ["file:/a:b/c d.json", "file:/a:b/c d.json", "c d.json"],
    ["file:-", "file:-", "standard input"],
  ])("%s", (text, name, label) => {
    expect(openSource(text, { SENTRY_AUTH_TOKEN: "x" })).toMatchObject({ name, label });
  });

  it.each([
    "",
    "local",
    "local:",
    "local:jaeger",
    "jaeger",
    "jaeger:",
    "sentry:",
    "file:",
    "http://user:secret@host",
    "LOCAL:otlp",
    " local:otlp",
  ])("%j is none, and the error lists what is, without repeating what was given", (text) => {
    const open = (): unknown => openSource(text, { SENTRY_AUTH_TOKEN: "x" });
    expect(open).toThrow(SourceError);
    expect(open).toThrow(/local:sentry, local:otlp, jaeger:URL .*, sentry:ORG .* and file:PATH/);
    expect(open).not.toThrow(/secret/);
  });

  it("refuses an address of compare that is none", () => {
    expect(() => openSource("local:otlp", { COMPARE_URL: "localhost:8007/?x=secret" })).toThrow(
      "http://localhost:8007",
    );
    expect(() => openSource("local:otlp", { COMPARE_URL: "localhost:8007/?x=secret" })).not.toThrow(/secret/);
  });
});

describe("the stores of a running compare as sources", () => {
  it("have what each of them received, and nothing of other traces", async () => {
    const compare = await startCompare();
    try {
      await sendOrder(compare.url);
      const env = { COMPARE_URL: `${compare.url}/` };
      for (const side of ["sentry", "otlp"] as const) {
        const source = openSource(`local:${side}`, env);
        const trace = await source.readTrace(traceId.toUpperCase());
        expect(trace).toMatchObject({ traceId, format: side });
        expect(trace?.spans.map(({ name }) => name)).toEqual([
          "POST /order",
          "insert order",
          "process order",
        ]);
        expect(await source.readTrace("f".repeat(32))).toBeUndefined();
        expect(await source.findTraceIds("alice", 5)).toEqual([traceId]);
        expect(await source.findTraceIds("nobody", 5)).toEqual([]);
        expect(source.pageUrl?.(traceId)).toBe(`${compare.url}/trace/${traceId}`);
      }
    } finally {
      await compare.stop();
    }
  });
});
