import type { SpanLink } from "@tracebridge/comparison";
import type { SpanDetail } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { Link } from "../shell/link.tsx";
import { sides, type Side } from "./side.ts";
import { AttributeList } from "./span-events.tsx";

interface SpanLinksProps {
  readonly detail: SpanDetail;
  readonly labels: Record<Side, string>;
}

/** Links to spans of this and of other traces. */
export function SpanLinks({ detail, labels }: SpanLinksProps): ReactNode {
  const links = joinLinks(detail);
  if (links.length === 0) return undefined;
  return (
    <section aria-label="Links">
      <h3>Links</h3>
      <ul className="facts">
        {links.map(({ link, on }) => (
          <li key={link.traceId + link.spanId}>
            <Link to={`/trace/${link.traceId}?span=${link.spanId}`}>
              <code>
                {link.traceId.slice(0, 8)}… / {link.spanId}
              </code>
            </Link>{" "}
            <span className="quiet">
              {on.map((side) => labels[side]).join(", ")}
              {on.length === 1 && " only"}
            </span>
            <AttributeList attributes={link.attributes} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function joinLinks(detail: SpanDetail): { link: SpanLink; on: Side[] }[] {
  const joined = new Map<string, { link: SpanLink; on: Side[] }>();
  for (const side of sides) {
    for (const link of detail[side]?.links ?? []) {
      const key = link.traceId + link.spanId;
      const known = joined.get(key);
      if (!known) joined.set(key, { link, on: [side] });
      else if (!known.on.includes(side)) known.on.push(side);
    }
  }
  return [...joined.values()];
}
