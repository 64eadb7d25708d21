import { compareTimes } from "../time.ts";
import type { Finding } from "./findings.ts";
import type { Place } from "./place.ts";
import type { Difference, Explanation } from "./result.ts";
import { clockSkewRule } from "./rules/clock-skew.ts";
import { rules } from "./rules/table.ts";
import type { Scene } from "./scene.ts";

/** Findings turned to left and right: first what is about a whole service, then by time, by field and by key. */
export function tellDifferences(findings: readonly Finding[], { isRichLeft }: Scene): Difference[] {
  const byPlace = [...Map.groupBy(findings, ({ place }) => place)];
  return byPlace
    .toSorted(([a], [b]) => comparePlaces(a, b))
    .flatMap(([, list]) => list.toSorted(compareFindings).map((finding) => turn(finding, isRichLeft)));
}

function comparePlaces(a: Place, b: Place): number {
  return (
    compareTimes(a.timeUnixNano ?? "", b.timeUnixNano ?? "") ||
    compareTexts(a.spanId, b.spanId) ||
    compareTexts(a.service, b.service)
  );
}

function compareFindings({ fact: a }: Finding, { fact: b }: Finding): number {
  return compareTexts(a.field, b.field) || compareTexts(a.key, b.key);
}

function compareTexts(a = "", b = ""): number {
  return a < b ? -1 : Number(a > b);
}

function turn({ fact, place, verdict, rule }: Finding, isRichLeft: boolean): Difference {
  const { field, key, rich, poor } = fact;
  const difference: Difference = { verdict, field, service: place.service };
  if (key !== undefined) difference.key = key;
  if (place.spanId !== undefined) difference.spanId = place.spanId;
  const [left, right] = isRichLeft ? [rich, poor] : [poor, rich];
  if (left !== undefined) difference.left = left;
  if (right !== undefined) difference.right = right;
  if (rule !== undefined) difference.rule = rule;
  return difference;
}

/** The rules that explained something, in the order of the table. */
export function explain(
  differences: readonly Difference[],
  { isRichLeft }: Scene,
  skews: ReadonlyMap<string, number>,
): Explanation[] {
  const counts = new Map<string, number>();
  for (const { rule } of differences) if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const clocks = [...skews].map(([service, nanos]) => clockSkewRule(service, isRichLeft ? nanos : -nanos));
  return [...rules, ...clocks].flatMap(({ id, title, reason, source }) => {
    const count = counts.get(id);
    return count === undefined ? [] : [{ rule: id, title, reason, source, count }];
  });
}
