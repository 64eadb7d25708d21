import { printExpected } from "./expected-span.ts";
import type { ExpectedSpan } from "./expected-span.ts";
import { explainMissing } from "./explain-missing.ts";
import { findSpans } from "./find-spans.ts";
import { listLines } from "./message.ts";
import { backEndNames, describeSpan } from "./received-span.ts";
import type { ReceivedSpans } from "./received-span.ts";
import { describeWhere } from "./where.ts";

/** What `expect.extend` of Vitest and of Jest wants from a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** Passes when at least one span that arrived is as expected. */
export function toHaveSpan(receiver: ReceivedSpans, expected: ExpectedSpan): MatcherResult {
  const found = findSpans(receiver, expected);
  if (found.length === 0) return { pass: false, message: () => explainMissing(receiver, expected) };
  const { in: where, ...unwanted } = expected;
  const lines = found.map((span) => `at ${backEndNames[span.backEnd]}, ${describeSpan(span)}`);
  const message = `expected no span ${printExpected(unwanted)}${describeWhere(where)}, but it is there:`;
  return { pass: true, message: () => `${message}${listLines(lines)}` };
}
