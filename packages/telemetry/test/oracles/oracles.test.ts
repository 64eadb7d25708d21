import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compareSpans } from "../parity/compare-spans.ts";
import { readSpans } from "../parity/read-spans.ts";
import type { ComparableSpan } from "../parity/read-spans.ts";
import { listHeaderDifferences } from "./header-differences.ts";
import { checkListed } from "./listed.ts";
import { compareHeaders, readHeaders } from "./read-headers.ts";
import { runScene } from "./run-scene.ts";
import type { SceneRun } from "./run-scene.ts";
import { spanDifferences } from "./span-differences.ts";

const spansScene = fileURLToPath(new URL("./spans.ts", import.meta.url));
const propagationScene = fileURLToPath(new URL("./propagate.ts", import.meta.url));

async function runBoth(
  file: string,
  env?: Record<string, string>,
): Promise<[native: SceneRun, ours: SceneRun]> {
  const runs = await Promise.all([runScene(file, "sentry", env), runScene(file, "ours", env)]);
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

describe.each(["1", "0"] as const)("with a rate of %s", (rate) => {
  test("an active context is sent on as SentryPropagator sends it, but for what is listed", async () => {
    const [native, ours] = await runBoth(propagationScene, { SENTRY_TRACES_SAMPLE_RATE: rate });
    const headers = readHeaders(native.stdout);
    expect(headers.size).toBe(24);
    const found = compareHeaders(headers, readHeaders(ours.stdout));
    expect(checkListed(found, listHeaderDifferences(rate))).toEqual({ unlisted: [], gone: [] });
  });
});
