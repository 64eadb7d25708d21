import type { TimedNote } from "@tracebridge/compare/page-model";
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { formatCount, formatDuration } from "./duration-text.ts";
import { clusterNotes, type NoteCluster } from "./note-clusters.ts";
import type { Side } from "./side.ts";
import type { TimeWindow } from "./time-window.ts";

interface NoteLaneProps {
  readonly notes: readonly TimedNote[];
  readonly side: Side;
  readonly label: string;
  readonly window: TimeWindow;
  /** Pixels of the time line; 0 until it has been measured. */
  readonly width: number;
  /** Told the span that a note belongs to. */
  readonly onChoose: (spanId: string) => void;
}

/** A mark is about this wide; closer notes share one. */
const markPixels = 20;
/** Lines of one tip. */
const maxLines = 6;

/** Errors and logs of one side on its time line. Tab reaches the lane, the arrows its marks. */
export function NoteLane({ notes, side, label, window, width, onChoose }: NoteLaneProps): ReactNode {
  const clusters = useMemo(
    () => clusterNotes(notes, side, window, Math.min((markPixels / width) * 100, 100)),
    [notes, side, window, width],
  );
  const [current, setCurrent] = useState(0);
  const [shown, setShown] = useState<number>();
  const lane = useRef<HTMLDivElement>(null);
  const tipId = useId();
  const active = Math.min(current, clusters.length - 1);

  function move(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(Math.max(active + by, 0), clusters.length - 1);
    setCurrent(next);
    lane.current?.querySelectorAll("button")[next]?.focus();
  }

  const tip = shown === undefined ? undefined : clusters[shown];
  return (
    <div
      className="note-lane"
      ref={lane}
      role="group"
      aria-label={`Errors and logs of ${label}`}
      onPointerLeave={() => setShown(undefined)}
    >
      {clusters.map((cluster, index) => (
        <button
          key={cluster.percent}
          type="button"
          className={cluster.failed ? "note-mark failed" : "note-mark"}
          // The outermost stay whole.
          style={{ left: `clamp(0.6rem, ${cluster.percent}%, 100% - 0.6rem)` }}
          tabIndex={index === active ? 0 : -1}
          aria-label={describeCluster(cluster)}
          aria-describedby={shown === index ? tipId : undefined}
          onKeyDown={move}
          onPointerEnter={() => setShown(index)}
          onFocus={() => setShown(index)}
          onBlur={() => setShown(undefined)}
          onClick={() => {
            const spanId = cluster.notes.find((note) => note.spanId !== undefined)?.spanId;
            if (spanId !== undefined) onChoose(spanId);
          }}
        >
          {cluster.failed ? "✕" : cluster.notes.length > 1 ? String(Math.min(cluster.notes.length, 99)) : "•"}
        </button>
      ))}
      {tip && <NoteTip id={tipId} cluster={tip} />}
    </div>
  );
}

function describeCluster({ notes }: NoteCluster): string {
  const errors = notes.filter((note) => note.kind === "error").length;
  const logs = notes.length - errors;
  const parts = [errors > 0 && formatCount(errors, "error"), logs > 0 && formatCount(logs, "log")];
  return `${parts.filter(Boolean).join(", ")} at ${formatDuration(notes[0]?.atMillis ?? 0)}`;
}

function NoteTip({ id, cluster }: { readonly id: string; readonly cluster: NoteCluster }): ReactNode {
  const more = cluster.notes.length - maxLines;
  const style =
    cluster.percent < 50 ? { left: `${cluster.percent}%` } : { right: `${100 - cluster.percent}%` };
  return (
    <div id={id} role="tooltip" className="note-tip" style={style}>
      {cluster.notes.slice(0, maxLines).map((note, index) => (
        <p key={index}>
          <span className="quiet">
            {formatDuration(note.atMillis)} · {note.service} ·{" "}
          </span>
          <b>{note.kind === "error" ? "error" : note.level}</b> {note.text}
        </p>
      ))}
      {more > 0 && <p className="quiet">and {more.toLocaleString("en")} more</p>}
    </div>
  );
}
