import type { TimedNote } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { formatDuration } from "./duration-text.ts";
import { isFailure } from "./note-clusters.ts";
import type { Side } from "./side.ts";

interface SpanNotesProps {
  readonly notes: readonly TimedNote[];
  readonly labels: Record<Side, string>;
}

/** Errors that were captured in the span, and its logs. */
export function SpanNotes({ notes, labels }: SpanNotesProps): ReactNode {
  if (notes.length === 0) return undefined;
  return (
    <section aria-label="Errors and logs">
      <h3>Errors and logs</h3>
      <ul className="facts">
        {notes.map((note, index) => (
          <li key={index} className={isFailure(note) ? "failed" : ""}>
            <span className={`mark ${isFailure(note) ? "failed" : "logs"}`}>
              {note.kind === "error" ? "✕ error" : note.level}
            </span>{" "}
            {note.text}{" "}
            <span className="quiet">
              at {formatDuration(note.atMillis)} ·{" "}
              {note.side === "both" ? `${labels.left}, ${labels.right}` : `${labels[note.side]} only`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
