import type { SpanEvent } from "@tracebridge/comparison";
import type { SpanDetail } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { writeValue } from "./difference-words.ts";
import { formatDuration } from "./duration-text.ts";
import { LongText } from "./long-text.tsx";
import { sides, type Side } from "./side.ts";

interface SpanEventsProps {
  readonly detail: SpanDetail;
  readonly labels: Record<Side, string>;
  /** The trace's first start, milliseconds since 1970. */
  readonly startMillis: number;
}

/** Events of both sides by time; one that both have is told once. */
export function SpanEvents({ detail, labels, startMillis }: SpanEventsProps): ReactNode {
  const events = joinEvents(detail);
  if (events.length === 0) return undefined;
  return (
    <section aria-label="Events">
      <h3>Events</h3>
      <ul className="facts">
        {events.map(({ event, on }, index) => (
          <li key={index}>
            <b>{event.name}</b>{" "}
            <span className="quiet">
              at {formatDuration(Number(event.timeUnixNano) / 1e6 - startMillis)} ·{" "}
              {on.map((side) => labels[side]).join(", ")}
              {on.length === 1 && " only"}
            </span>
            <AttributeList attributes={event.attributes} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface JoinedEvent {
  event: SpanEvent;
  on: Side[];
}

function joinEvents(detail: SpanDetail): JoinedEvent[] {
  const joined = new Map<string, JoinedEvent>();
  for (const side of sides) {
    for (const event of detail[side]?.events ?? []) {
      const known = joined.get(JSON.stringify(event));
      if (known) known.on.push(side);
      else joined.set(JSON.stringify(event), { event, on: [side] });
    }
  }
  return [...joined.values()].toSorted(
    (one, other) => Number(one.event.timeUnixNano) - Number(other.event.timeUnixNano),
  );
}

export function AttributeList({ attributes }: Pick<SpanEvent, "attributes">): ReactNode {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return (
    <dl className="attribute-list">
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <LongText text={writeValue(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
