import type { Trace } from "../model.ts";
import { compareTimes, readNanosBetween } from "../time.ts";
import { findCriticalPath } from "./critical-path.ts";
import type { SideSummary } from "./result.ts";

export function summarize({ format, spans, errors, logs }: Trace): SideSummary {
  const first = spans.map((span) => span.startTimeUnixNano).toSorted(compareTimes)[0];
  const last = spans
    .map((span) => span.endTimeUnixNano)
    .toSorted(compareTimes)
    .at(-1);
  return {
    format,
    spans: spans.length,
    errors: errors.length,
    logs: logs.length,
    services: countByService({ spans, errors, logs }),
    ...(first === undefined ? {} : { startTimeUnixNano: first }),
    durationNanos: first === undefined || last === undefined ? 0 : Math.max(0, readNanosBetween(first, last)),
    criticalPath: findCriticalPath(spans),
  };
}

function countByService({
  spans,
  errors,
  logs,
}: Pick<Trace, "spans" | "errors" | "logs">): SideSummary["services"] {
  const counts = new Map<string, SideSummary["services"][number]>();
  const countOf = (service: string): SideSummary["services"][number] => {
    const found = counts.get(service) ?? { service, spans: 0, failedSpans: 0, errors: 0, logs: 0 };
    counts.set(service, found);
    return found;
  };
  for (const { service, status } of spans) {
    const count = countOf(service);
    count.spans += 1;
    if (status === "error") count.failedSpans += 1;
  }
  for (const { service } of errors) countOf(service).errors += 1;
  for (const { service } of logs) countOf(service).logs += 1;
  return [...counts.values()].toSorted((a, b) => (a.service < b.service ? -1 : 1));
}
