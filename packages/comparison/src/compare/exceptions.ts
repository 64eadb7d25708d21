import type { SpanEvent } from "../model.ts";
import { compareTimes } from "../time.ts";
import type { Side } from "./scene.ts";

export interface ToldException {
  spanId: string;
  title: string;
  service: string;
  timeUnixNano: string;
  isRepeated: boolean;
}

/**
 * The exceptions on a side's spans in the order of time. One that was recorded again on its way up, in the same segment and
 * with the same stack, is the same error.
 * https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function readExceptions(side: Side): ToldException[] {
  const seen = new Set<string>();
  return side.trace.spans
    .flatMap((span) =>
      span.events.filter(isException).map((event) => ({
        told: {
          spanId: span.spanId,
          title: readTitle(event),
          service: span.service,
          timeUnixNano: event.timeUnixNano,
        },
        identity: JSON.stringify([
          side.segmentOf(span) ?? span.spanId,
          readTitle(event),
          event.attributes["exception.stacktrace"] ?? [span.spanId, event.timeUnixNano],
        ]),
      })),
    )
    .toSorted((a, b) => compareTimes(a.told.timeUnixNano, b.told.timeUnixNano))
    .map(({ told, identity }) => {
      const isRepeated = seen.has(identity);
      seen.add(identity);
      return { ...told, isRepeated };
    });
}

function isException({ name }: SpanEvent): boolean {
  return name === "exception";
}

/** As Sentry titles an issue. */
function readTitle({ attributes }: SpanEvent): string {
  const { "exception.type": type, "exception.message": message } = attributes;
  return `${typeof type === "string" ? type : "Error"}: ${typeof message === "string" ? message : ""}`;
}
