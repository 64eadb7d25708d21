import { findDifferences, printExpected } from "./expected-span.ts";
import type { ExpectedSpan } from "./expected-span.ts";
import { listLines } from "./message.ts";
import { backEndNames, backEnds, describeSpan, readReceivedSpans } from "./received-span.ts";
import type { BackEnd, ReceivedSpan, ReceivedSpans } from "./received-span.ts";
import { describeWhere } from "./where.ts";

interface Candidate {
  readonly span: ReceivedSpan;
  readonly differences: readonly string[];
}

/** Says which span was expected and which ones arrived instead, the nearest first, each with what differs. */
export function explainMissing(receiver: ReceivedSpans, expected: ExpectedSpan): string {
  const { in: where, ...wanted } = expected;
  const candidates = readReceivedSpans(receiver).map((span) => ({
    span,
    differences: findDifferences(span, expected),
  }));
  const lacking = backEnds.filter((backEnd) =>
    where === "both" ? !hasMatch(candidates, backEnd) : where === undefined || where === backEnd,
  );
  const listed = candidates.filter(({ span }) => lacking.length === 0 || lacking.includes(span.backEnd));
  return [
    `expected a span ${printExpected(wanted)}${describeWhere(where)}`,
    where === "both" ? explainHalf(lacking) : "",
    listed.length > 0
      ? `\n${listed.length} arrived${nameLacking(lacking)}, the nearest first:${listLines(listed.toSorted(compareNearness(expected)).map(describeCandidate))}`
      : `\nnone arrived${nameLacking(lacking)}. What a running process has not sent yet arrives later: end it first, or use waitForSpan()`,
  ].join("");
}

/** Of a span that was wanted at both back ends, what can be said about the two together. */
function explainHalf(lacking: readonly BackEnd[]): string {
  if (lacking.length === backEnds.length) return "";
  if (lacking.length === 0) return "\nspans like it arrived at both, but none with the same ids at both";
  const had = backEnds.filter((backEnd) => !lacking.includes(backEnd));
  return `\nit arrived${nameLacking(had)}, and not${nameLacking(lacking)}`;
}

function hasMatch(candidates: readonly Candidate[], backEnd: BackEnd): boolean {
  return candidates.some(({ span, differences }) => span.backEnd === backEnd && differences.length === 0);
}

function nameLacking(lacking: readonly BackEnd[]): string {
  return lacking.length === 1 ? describeWhere(lacking[0]) : "";
}

/** The fewer differences the nearer; among equals, the longer the name is like the expected one from its start. */
function compareNearness({ name }: ExpectedSpan): (a: Candidate, b: Candidate) => number {
  const likeness = ({ span }: Candidate): number =>
    typeof name === "string" ? countCommonStart(name, span.name) : 0;
  return (a, b) => a.differences.length - b.differences.length || likeness(b) - likeness(a);
}

function countCommonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function describeCandidate({ span, differences }: Candidate): string {
  const text = `at ${backEndNames[span.backEnd]}, ${describeSpan(span)}`;
  return differences.length > 0 ? `${text} – ${differences.join("; ")}` : text;
}
