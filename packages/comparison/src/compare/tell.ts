import { compareTimes } from "../time.ts";
import type { Finding } from "./findings.ts";
import type { Difference, Explanation } from "./result.ts";
import { clockSkewRule } from "./rules/clock-skew.ts";
import { rules } from "./rules/table.ts";
import type { Scene } from "./scene.ts";

/** Findings turned to left and right, in the order of time. */
export function tellDifferences(
  findings: readonly Finding[],
  { isRichLeft }: Scene,
  isLate: (unixNano: string | undefined) => boolean,
): Difference[] {
  return findings
    .map((finding) => ({ finding, name: nameOf(finding) }))
    .toSorted(
      (a, b) =>
        compareTimes(a.finding.timeUnixNano ?? "", b.finding.timeUnixNano ?? "") ||
        (a.name < b.name ? -1 : Number(a.name > b.name)),
    )
    .map(({ finding }) => {
      const { field, key, spanId, service, rich, poor, rule, timeUnixNano } = finding;
      const [left, right] = isRichLeft ? [rich, poor] : [poor, rich];
      const isMissing = (field === "error" || field === "log") && (rich === undefined || poor === undefined);
      const isStillLate = finding.verdict === "unexplained" && isMissing && isLate(timeUnixNano);
      return {
        verdict: isStillLate ? "late" : finding.verdict,
        field,
        ...(key === undefined ? {} : { key }),
        ...(spanId === undefined ? {} : { spanId }),
        service,
        ...(left === undefined ? {} : { left }),
        ...(right === undefined ? {} : { right }),
        ...(rule === undefined ? {} : { rule }),
      };
    });
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

/** The same whichever side is left. */
function nameOf({ spanId, service, field, key, rich, poor }: Finding): string {
  const values = [rich, poor].map((value) => JSON.stringify(value) ?? "").toSorted();
  return JSON.stringify([spanId, service, field, key, ...values]);
}
