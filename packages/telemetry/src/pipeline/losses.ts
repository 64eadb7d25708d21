import type { SinkStats, TelemetryStats } from "../telemetry.ts";

/** Left out on purpose: by the sample rate, and by the hooks and filters of Sentry that the application sets. */
const INTENDED: ReadonlySet<string> = new Set(["sample_rate", "ignored", "before_send", "event_processor"]);

/** One line about everything that was accepted and not delivered, with the reasons; `undefined` without a loss. */
export function describeLosses({ spans, logs, sentry }: TelemetryStats): string | undefined {
  const losses = [
    ...describeSinks("spans", spans.sinks),
    ...describeSinks("log records", logs.sinks),
    ...(sentry
      ? [
          ...describeSinks("spans", { sentry: sentry.spans }),
          ...describeSinks("log records", { sentry: sentry.logs }),
          ...describeSinks("errors", { sentry: sentry.errors }),
          ...describeSinks("sessions", { sentry: sentry.sessions }),
        ]
      : []),
  ];
  return losses.length > 0 ? `Not delivered until the end: ${losses.join("; ")}.` : undefined;
}

function describeSinks(items: string, sinks: Readonly<Record<string, SinkStats>>): string[] {
  return Object.entries(sinks).flatMap(([sink, { accepted, delivered, dropped }]) => {
    const reasons = Object.entries(dropped).filter(([reason]) => !INTENDED.has(reason));
    const intended = sum(Object.values(dropped)) - sum(reasons.map(([, count]) => count));
    const lost = accepted - delivered - intended;
    if (lost <= 0) return [];
    const why = reasons.map(([reason, count]) => `${reason} ${count}`).join(", ");
    return [`${lost} of ${accepted} ${items} for ${sink}${why && ` (${why})`}`];
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
