import type { SinkStats, TelemetryStats } from "../telemetry.ts";

type Counts = Omit<TelemetryStats, "unaccounted">;

/** Everything that was counted, under the name of its signal and its sink. */
export interface Account {
  readonly items: string;
  readonly sink: string;
  readonly stats: SinkStats;
}

export function listAccounts({ spans, logs, sentry }: Counts): Account[] {
  return [
    ...listSinks("spans", spans.sinks),
    ...listSinks("log records", logs.sinks),
    ...(sentry
      ? [
          ...listSinks("spans", { sentry: sentry.spans }),
          ...listSinks("log records", { sentry: sentry.logs }),
          ...listSinks("errors", { sentry: sentry.errors }),
          ...listSinks("sessions", { sentry: sentry.sessions }),
          ...listSinks("span events", { sentry: sentry.spanEvents }),
        ]
      : []),
  ];
}

/** What of `stats` is neither delivered nor dropped. */
export function countOpen({ accepted, delivered, dropped }: SinkStats): number {
  return accepted - delivered - Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Items whose fate is unknown: ended and never accepted, or, once nothing is on its way any more, without an end. */
export function countUnaccounted(counts: Counts, sendsSpansToSentry: boolean, isEnded: boolean): number {
  const { spans, logs, sentry } = counts;
  const missing = [
    ...Object.values(spans.sinks).map(({ accepted }) => spans.ended - spans.failed - accepted),
    ...Object.values(logs.sinks).map(({ accepted }) => logs.emitted - logs.failed - accepted),
    ...(sentry && sendsSpansToSentry ? [spans.ended - spans.failed - sentry.spans.accepted] : []),
  ];
  const open = isEnded ? listAccounts(counts).map(({ stats }) => countOpen(stats)) : [];
  return [...missing, ...open].reduce((sum, count) => sum + Math.abs(count), 0);
}

function listSinks(items: string, sinks: Readonly<Record<string, SinkStats>>): Account[] {
  return Object.entries(sinks).map(([sink, stats]) => ({ items, sink, stats }));
}
