import { fileURLToPath } from "node:url";
import type { OtlpSpan, Receiver, SentrySpan } from "@tracebridge/receivers";
import { describe, expect, test } from "vitest";
import { compareSpans } from "../parity/compare-spans.ts";
import { readSpans } from "../parity/read-spans.ts";
import type { ComparableSpan } from "../parity/read-spans.ts";
import { listHeaderDifferences } from "./header-differences.ts";
import { checkListed } from "./listed.ts";
import { compareHeaders, readHeaders } from "./read-headers.ts";
import { runScene } from "./run-scene.ts";
import type { SceneRun } from "./run-scene.ts";
import { functionDifferences, spanDifferences } from "./span-differences.ts";

const spansScene = fileURLToPath(new URL("./spans.ts", import.meta.url));
const functionsScene = fileURLToPath(new URL("./sentry-functions.ts", import.meta.url));
const propagationScene = fileURLToPath(new URL("./propagate.ts", import.meta.url));

async function runBoth(
  file: string,
  env: Record<string, string> = {},
): Promise<[native: SceneRun, ours: SceneRun]> {
  const runs = await Promise.all([runScene(file, "sentry", () => env), runScene(file, "ours", () => env)]);
  for (const { exitCode, stderr } of runs) expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return runs;
}

/** Siblings by name: what starts within the same millisecond has no order. */
function readSorted({ receiver }: SceneRun): ComparableSpan[] {
  const sort = (spans: readonly ComparableSpan[]): ComparableSpan[] =>
    spans
      .map((span) => ({ ...span, children: sort(span.children) }))
      .toSorted((a, b) => a.path.localeCompare(b.path));
  return sort(readSpans(receiver.sentry));
}

test("OpenTelemetry's functions make the spans that SentryTracerProvider makes, but for what is listed", async () => {
  const [native, ours] = await runBoth(spansScene);
  expect(native.receiver.sentry.spans).toHaveLength(40);
  const found = compareSpans(readSorted(native), readSorted(ours));
  expect(checkListed(found, spanDifferences)).toEqual({ unlisted: [], gone: [] });
});

test("Sentry's own functions make the spans that Sentry's SDK makes, but for what is listed", async () => {
  const [native, ours] = await runBoth(functionsScene);
  expect(native.receiver.sentry.spans).toHaveLength(21);
  const found = compareSpans(readSorted(native), readSorted(ours));
  expect(checkListed(found, functionDifferences)).toEqual({ unlisted: [], gone: [] });
});

describe("the spans of Sentry's own functions", () => {
  const describeSpan = ({ spanId, parentSpanId, name }: SentrySpan | OtlpSpan) => ({
    spanId,
    parentSpanId,
    name,
  });
  const byId = (spans: readonly (SentrySpan | OtlpSpan)[]) =>
    spans.map(describeSpan).toSorted((a, b) => a.spanId.localeCompare(b.spanId));

  const toOtlpToo = ({ url }: Receiver) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

  test("reach OTLP with the same ids, parents and names", async () => {
    const { receiver } = await runScene(functionsScene, "ours", toOtlpToo);
    expect(receiver.otlp.spans).toHaveLength(21);
    expect(byId(receiver.otlp.spans)).toEqual(byId(receiver.sentry.spans));
    const find = (name: string) => receiver.otlp.spans.find((span) => span.name === name);
    expect(find("thrown")).toMatchObject({ status: "error", statusMessage: "internal_error" });
    expect(find("root")?.attributes).toEqual({
      "sentry.op": "task",
      shop: "north",
      tags: ["a", "b"],
      count: 2,
      ratio: 0.5,
      "seen from below": true,
    });
  });

  test.each([
    [{ SENTRY_TRACES_SAMPLE_RATE: "0", OTEL_TRACES_SAMPLER: "always_on" }, 2, 21],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, 21, 0],
    [{ OTEL_TRACES_EXPORTER: "otlp" }, 0, 21],
  ])("go where the samplers send them: %j", async (env, toSentry, toOtlp) => {
    const { receiver, stderr } = await runScene(functionsScene, "ours", (to) => ({
      ...toOtlpToo(to),
      ...env,
    }));
    expect(stderr).toBe("");
    expect(receiver.sentry.spans).toHaveLength(toSentry);
    expect(receiver.otlp.spans).toHaveLength(toOtlp);
  });
});

describe.each(["1", "0"] as const)("with a rate of %s", (rate) => {
  test("an active context is sent on as SentryPropagator sends it, but for what is listed", async () => {
    const [native, ours] = await runBoth(propagationScene, { SENTRY_TRACES_SAMPLE_RATE: rate });
    const headers = readHeaders(native.stdout);
    expect(headers.size).toBe(24);
    const found = compareHeaders(headers, readHeaders(ours.stdout));
    expect(checkListed(found, listHeaderDifferences(rate))).toEqual({ unlisted: [], gone: [] });
  });
});
