import type { Trace } from "@tracebridge/comparison";
import { afterEach, expect, it } from "vitest";
import { Comparisons } from "../src/server/comparisons/comparisons.ts";
import type { TraceSource } from "../src/sources/source.ts";

const comparisons = new Comparisons();
afterEach(() => comparisons.close());

/** Has every trace that it is asked for, with so many logs, and tells when it was asked. */
function createSource(name: string, logs: number, asked: string[]): TraceSource {
  return {
    name: `local:${name}`,
    label: name,
    format: "otlp",
    readTrace: (traceId): Promise<Trace> => {
      asked.push(traceId);
      const log = { traceId, service: "web", timeUnixNano: "1", level: "info", body: "x", attributes: {} };
      return Promise.resolve({
        traceId,
        format: "otlp",
        spans: [],
        errors: [],
        logs: Array.from({ length: logs }, () => log),
      });
    },
    findTraceIds: () => Promise.resolve([]),
  };
}

it.each([
  ["small ones are kept, and read once", 1, ["a", "b"]],
  ["of large ones only the last is kept", 30_000, ["a", "b", "a"]],
])("of comparisons, %s", async (_, logs, expected) => {
  const asked: string[] = [];
  const left = createSource("left", logs, asked);
  const right = createSource("right", logs, []);
  for (const traceId of ["a", "b", "a", "a"]) {
    expect(await comparisons.ask(traceId, left, right, { kind: "page" })).toContain(`"traceId":"${traceId}"`);
  }
  expect(asked).toEqual(expected);
});
