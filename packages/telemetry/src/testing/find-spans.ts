import type { Receiver } from "@tracebridge/receivers";
import { checkExpected, findDifferences } from "./expected-span.ts";
import type { ExpectedSpan } from "./expected-span.ts";
import { explainMissing } from "./explain-missing.ts";
import { readReceivedSpans } from "./received-span.ts";
import type { ReceivedSpan, ReceivedSpans } from "./received-span.ts";
import { selectWhere } from "./where.ts";

/** Below the 5 s that Vitest and Jest give a test, so that the error with the list is the one that is seen. */
const waitMillis = 4_000;

/**
 * The spans that are as expected, in the order of their arrival. One that arrived at both back ends is there twice, as
 * each of them received it, unless `in` names one back end.
 *
 * @throws TypeError when `receiver` is none, or `expected` has a field that spans do not have or that is undefined
 */
export function findSpans(receiver: ReceivedSpans, expected: ExpectedSpan): ReceivedSpan[] {
  checkExpected(expected);
  const alike = readReceivedSpans(receiver).filter((span) => findDifferences(span, expected).length === 0);
  return selectWhere(alike, expected.in);
}

/**
 * Waits for a span that is as expected; look at its `traceId` to go on from there.
 *
 * @throws Error on time-out that lists the nearest spans that did arrive
 */
export async function waitForSpan(
  receiver: ReceivedSpans & Pick<Receiver, "waitFor">,
  expected: ExpectedSpan,
  timeoutMillis = waitMillis,
): Promise<ReceivedSpan> {
  let found: ReceivedSpan | undefined;
  const look = (): boolean => {
    [found] = findSpans(receiver, expected);
    return found !== undefined;
  };
  await receiver.waitFor("a span", look, timeoutMillis).catch((error: unknown) => {
    if (error instanceof TypeError) throw error;
  });
  if (!found) throw new Error(`after ${timeoutMillis} ms: ${explainMissing(receiver, expected)}`);
  return found;
}
