import type { Trace } from "@tracebridge/comparison";
import { expect, it } from "vitest";
import { Comparisons } from "../src/server/comparisons/comparisons.ts";
import type { TraceSource } from "../src/sources/source.ts";

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
  const comparisons = new Comparisons();
  const asked: string[] = [];
  const left = createSource("left", logs, asked);
  const right = createSource("right", logs, []);
  for (const traceId of ["a", "b", "a", "a"]) {
    expect(await comparisons.ask(traceId, left, right, { kind: "page" })).toContain(`"traceId":"${traceId}"`);
  }
  expect(asked).toEqual(expected);
  await comparisons.close();
});

it("a trace that is too large for the memory is refused, and smaller ones are compared as before", async () => {
  const confined = new Comparisons({ maxOldGenerationSizeMb: 16 });
  const large = createSource("large", 100_000, []);
  const small = createSource("small", 1, []);
  await expect(confined.ask("a", large, large, { kind: "page" })).rejects.toMatchObject({
    status: 503,
    code: "TRACE_TOO_LARGE",
  });
  expect(await confined.ask("b", small, small, { kind: "verdict" })).toContain('"verdict":"no-spans"');
  await confined.close();
});
