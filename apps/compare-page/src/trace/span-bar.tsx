import type { RowSide, TraceRow } from "@tracebridge/compare/page-model";
import { memo, type ReactNode } from "react";
import { formatDuration } from "./duration-text.ts";
import { otherSide, type Side } from "./side.ts";
import { placeBar, type BarPlace, type TimeWindow } from "./time-window.ts";

interface SpanBarProps {
  readonly row: TraceRow;
  readonly side: Side;
  readonly label: string;
  readonly colour: number;
  readonly critical: boolean;
  readonly window: TimeWindow;
}

/** One side of a span on the time line, with an outline of where the other side has it. */
export const SpanBar = memo(function SpanBar(props: SpanBarProps): ReactNode {
  const { row, side, label, colour, critical, window } = props;
  const own = row[side];
  const twin = row[otherSide(side)];
  return (
    <>
      {twin && <TwinOutline twin={twin} window={window} missing={own === undefined} />}
      {own ? (
        <Bar own={own} colour={colour} critical={critical} window={window} label={label} />
      ) : (
        <MissingMark row={row} label={label} twin={twin} window={window} />
      )}
    </>
  );
});

interface TwinProps {
  readonly twin: RowSide;
  readonly window: TimeWindow;
}

function TwinOutline({ twin, window, missing }: TwinProps & { readonly missing: boolean }): ReactNode {
  const place = placeBar(twin.startMillis, twin.durationMillis, window);
  if (place.outside) return undefined;
  return <span className={missing ? "twin missing" : "twin"} style={readStyle(place)} aria-hidden="true" />;
}

interface BarProps {
  readonly own: RowSide;
  readonly colour: number;
  readonly critical: boolean;
  readonly window: TimeWindow;
  readonly label: string;
}

function Bar({ own, colour, critical, window, label }: BarProps): ReactNode {
  const place = placeBar(own.startMillis, own.durationMillis, window);
  const failed = own.status === "error";
  const duration = formatDuration(own.durationMillis);
  const classes = ["bar", failed && "failed", critical && "critical"].filter(Boolean).join(" ");
  return (
    <>
      {!place.outside && <span className={classes} data-colour={colour} style={readStyle(place)} />}
      <BarLabel place={place}>
        {failed && (
          <>
            <span aria-hidden="true">✕ </span>
            <span className="out-of-sight">failed, </span>
          </>
        )}
        <span className="out-of-sight">
          {label}: from {formatDuration(own.startMillis)}, takes{" "}
        </span>
        {duration}
      </BarLabel>
    </>
  );
}

function MissingMark({
  row,
  label,
  twin,
  window,
}: {
  readonly row: TraceRow;
  readonly label: string;
  readonly twin?: RowSide;
  readonly window: TimeWindow;
}): ReactNode {
  const late = row.differences.late > 0;
  const place = twin ? placeBar(twin.startMillis, twin.durationMillis, window) : { left: 0, width: 0 };
  return (
    <BarLabel place={place} className={late ? "late" : "missing"}>
      {late ? `not yet in ${label}` : `not in ${label}`}
    </BarLabel>
  );
}

interface BarLabelProps {
  readonly place: BarPlace;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Beside the bar where there is room, else upon it. */
function BarLabel({ place, className = "", children }: BarLabelProps): ReactNode {
  const right = place.left + place.width;
  const at = place.outside ?? (right < 74 ? "behind" : place.left > 26 ? "ahead" : "upon");
  const style =
    at === "behind"
      ? { left: `${right}%` }
      : at === "ahead"
        ? { right: `${100 - place.left}%` }
        : at === "upon"
          ? { right: `${100 - Math.min(right, 100)}%` }
          : undefined;
  return (
    <span className={`bar-label ${at} ${className}`} style={style}>
      {place.outside === "before" && <span aria-hidden="true">◂ </span>}
      {children}
      {place.outside === "after" && <span aria-hidden="true"> ▸</span>}
    </span>
  );
}

function readStyle({ left, width }: BarPlace): { left: string; width: string } {
  return { left: `${left}%`, width: `${width}%` };
}
