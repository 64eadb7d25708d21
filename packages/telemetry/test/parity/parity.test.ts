import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { compareSpans } from "./compare-spans.ts";
import type { Difference } from "./compare-spans.ts";
import { anything, knownDifferences } from "./known-differences.ts";
import { readSpans } from "./read-spans.ts";
import { runApp } from "./run-app.ts";
import type { AppRun } from "./run-app.ts";

/** One of the known differences, taken apart: one origin, one field. */
type Single = Omit<Difference, "path" | "native" | "ours"> & {
  readonly native: string | typeof anything | undefined;
  readonly ours: string | typeof anything | undefined;
};

let native: AppRun;
let ours: AppRun;
let differences: Difference[];

const known: Single[] = knownDifferences.flatMap(({ listed }) =>
  listed.flatMap((entry) =>
    entry.origins.flatMap((origin) =>
      entry.fields.map((field) => ({ origin, field, native: entry.native, ours: entry.ours })),
    ),
  ),
);

beforeAll(async () => {
  [native, ours] = await Promise.all([
    runApp(fileURLToPath(new URL("./native-register.ts", import.meta.url))),
    runApp("@tracebridge/telemetry/register", {
      OTEL_SERVICE_NAME: "parity",
      SENTRY_ENVIRONMENT: "parity",
      SENTRY_RELEASE: "parity@1",
      SENTRY_TRACES_SAMPLE_RATE: "1",
    }),
  ]);
  differences = compareSpans(readSpans(native.sentry), readSpans(ours.sentry));
});

function isListedAs(difference: Difference, single: Single): boolean {
  const fits = (value: string | undefined, expected: Single["native"]): boolean =>
    expected === anything ? value !== undefined : value === expected;
  return (
    difference.origin === single.origin &&
    difference.field === single.field &&
    fits(difference.native, single.native) &&
    fits(difference.ours, single.ours)
  );
}

test("both SDKs see the whole application, and say nothing about it on standard error", () => {
  for (const { exitCode, stderr, sentry } of [native, ours]) {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(sentry.spans.filter(({ op }) => op === "queue.process")).toHaveLength(3);
    expect(sentry.spans.filter(({ isSegment }) => isSegment)).toHaveLength(14);
  }
});

test("every span is what Sentry's own SDK makes of it, but for the differences that are listed", () => {
  const unlisted = differences.filter(
    (difference) => !known.some((single) => isListedAs(difference, single)),
  );
  expect(unlisted).toEqual([]);
});

test("every listed difference still occurs", () => {
  const gone = known.filter((single) => !differences.some((difference) => isListedAs(difference, single)));
  expect(gone).toEqual([]);
});

test("only attributes differ: no op, kind, origin, parent, segment, status or sampling context, one name", () => {
  expect(knownDifferences.length).toBeLessThanOrEqual(10);
  const fields = new Set(known.map(({ field }) => field));
  const others = [...fields].filter((field) => !field.startsWith("attribute "));
  expect(others.toSorted((a, b) => a.localeCompare(b))).toEqual(["name", "span"]);
  expect(known.filter(({ field }) => field === "name")).toHaveLength(1);
  for (const key of ["op", "kind", "origin", "segment.name", "segment.name.source", "sample_rate"]) {
    expect(fields).not.toContain(`attribute sentry.${key}`);
  }
});
