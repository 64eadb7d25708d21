import type { TracePageModel } from "@tracebridge/compare/page-model";

/** How many colours there are for services: `--service-1` to `--service-8`. */
const colours = 8;

/** One service with what each side has of it. */
export interface ServiceCount {
  service: string;
  /** Number of its colour. */
  colour: number;
  left: number;
  right: number;
  failed: number;
}

/** All services of both sides in alphabetical order: a service has the same colour on both. */
export function countServices({ left, right, rows }: TracePageModel): ServiceCount[] {
  const counts = new Map<string, Omit<ServiceCount, "colour">>();
  const read = (service: string): Omit<ServiceCount, "colour"> => {
    const known = counts.get(service) ?? { service, left: 0, right: 0, failed: 0 };
    counts.set(service, known);
    return known;
  };
  for (const row of rows) read(row.service);
  for (const [side, summary] of [["left", left] as const, ["right", right] as const]) {
    for (const { service, spans, failedSpans } of summary.services) {
      const count = read(service);
      count[side] = spans;
      count.failed = Math.max(count.failed, failedSpans);
    }
  }
  return [...counts.values()]
    .toSorted((one, other) => (one.service < other.service ? -1 : 1))
    .map((count, place) => ({ ...count, colour: (place % colours) + 1 }));
}
