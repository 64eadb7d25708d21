import type { Rule } from "./rule.ts";

/** The one rule whose title depends on the trace: one for each service whose clock differs. */
export function clockSkewRule(
  service: string,
  rightAheadNanos: number,
): Pick<Rule, "id" | "title" | "reason" | "source"> {
  const millis = Math.abs(rightAheadNanos) / 1e6;
  return {
    id: clockSkewId(service),
    title: `The clock of ${service} is ${millis} ms ${rightAheadNanos > 0 ? "ahead" : "behind"} on the right side`,
    reason:
      "All of the service's spans (two at least) are shifted by the same time, an hour at most: one side has corrected a clock " +
      "that was wrong.",
    source: "https://www.jaegertracing.io/docs/1.76/deployment/#clock-skew-adjustment",
  };
}

export function clockSkewId(service: string): string {
  return `clock-skew:${service}`;
}
