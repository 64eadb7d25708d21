import { beforeEach, expect, test } from "vitest";
import { createBrowserBench } from "../bench.ts";
import { compareOps } from "./compare-ops.ts";
import { knownDifferences } from "./known-differences.ts";
import { readNative } from "./read-native.ts";
import { visitPage } from "./visit-page.ts";
import type { Visit } from "./visit-page.ts";

const bench = createBrowserBench();
const native = readNative();
let ours: Visit;
let differences: string[];

beforeEach(async () => {
  ours = await visitPage(bench);
  const spans = ours.spans.map((span) => ({ ...span, hasParent: span.parentSpanId !== undefined }));
  differences = compareOps(native.spans, spans);
});

test("a page sends what Sentry's own SDK sends of it, but for the differences that are listed", () => {
  const listed = knownDifferences.flatMap(({ ops, differences: each }) =>
    ops.flatMap((op) => each.map((difference) => `${op}: ${difference}`)),
  );
  const sort = (lines: readonly string[]) => lines.toSorted((one, other) => one.localeCompare(other));
  expect(sort(differences)).toEqual(sort(listed));
  const errors = ours.events.map(({ exceptions }) => exceptions.at(-1)?.value ?? "");
  expect(sort(errors)).toEqual(["rejected by a click", "reported by hand", "thrown by a click"]);
  for (const { raw } of ours.events) {
    const same = native.events.find((event) => readError(event)?.value === readError(raw)?.value);
    expect(raw).toMatchObject({ level: "error", platform: "javascript", environment: "production" });
    expect(readError(raw)?.type).toBe(readError(same)?.type);
    expect(readError(raw)?.mechanism?.handled).toBe(readError(same)?.mechanism?.handled);
  }
});

interface SentError {
  readonly type: string;
  readonly value: string;
  readonly mechanism?: { readonly handled?: boolean };
}

function readError(event: object | undefined): SentError | undefined {
  const { exception } = (event ?? {}) as { exception?: { values: SentError[] } };
  return exception?.values.at(-1);
}
