import type { SourceInfo, TracePageModel } from "@tracebridge/compare/page-model";
import type { FocusEvent, KeyboardEvent, ReactNode } from "react";
import { CopyableId } from "./copy-button.tsx";
import { formatCount, formatDuration, formatMoment } from "./duration-text.ts";
import { OneSidedNote } from "./one-sided-note.tsx";
import { otherSide, sides, type Side } from "./side.ts";
import type { Workspace } from "./use-workspace.ts";
import { VerdictLine } from "./verdict-line.tsx";

interface TraceHeaderProps {
  readonly workspace: Workspace;
  /** All that can be chosen; empty until they are known. */
  readonly sources: readonly SourceInfo[];
}

/** Which trace this is, what the comparison came to, and what each side has. */
export function TraceHeader({ workspace, sources }: TraceHeaderProps): ReactNode {
  const { model } = workspace;
  return (
    <header className="trace-header">
      <div className="trace-title">
        <h1>Trace</h1>
        <CopyableId id={model.traceId} what="trace id" />
        <time className="quiet" dateTime={readDateTime(model.startMillis)}>
          {formatMoment(model.startMillis)}
        </time>
        <VerdictLine model={model} />
      </div>
      <OneSidedNote model={model} />
      <div className="side-cards">
        {sides.map((side) => (
          <SideCard key={side} side={side} workspace={workspace} sources={sources} />
        ))}
      </div>
    </header>
  );
}

function readDateTime(millis: number): string | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

interface SideCardProps extends TraceHeaderProps {
  readonly side: Side;
}

function SideCard({ side, workspace, sources }: SideCardProps): ReactNode {
  const { model, labels } = workspace;
  const summary = model[side];
  const counts = [
    formatCount(summary.spans, "span"),
    ...(summary.errors > 0 ? [formatCount(summary.errors, "error")] : []),
    ...(summary.logs > 0 ? [formatCount(summary.logs, "log")] : []),
  ];
  return (
    <section className="side-card" aria-label={`${side} side: ${labels[side]}`}>
      <SourceChoice side={side} workspace={workspace} sources={sources} />
      <span>{counts.join(" · ")}</span>
      <span>
        <span className="quiet">Duration</span> {formatDuration(summary.durationNanos / 1e6)}
      </span>
      <CriticalPath side={side} workspace={workspace} />
      {isWebAddress(summary.pageUrl) && (
        <a href={summary.pageUrl} target="_blank" rel="noreferrer">
          Open<span className="out-of-sight"> in {labels[side]}, in a new tab</span>
          <span aria-hidden="true"> ↗</span>
        </a>
      )}
    </section>
  );
}

/** Whatever a source says its page is: `javascript:` is no page. */
export function isWebAddress(address: string | undefined): address is string {
  return address !== undefined && /^https?:\/\//i.test(address);
}

function SourceChoice({ side, workspace, sources }: SideCardProps): ReactNode {
  const { model, change } = workspace;
  const current = model[side].source;
  const known = sources.some(({ name }) => name === current.name) ? sources : [current, ...sources];
  const id = `source-${side}`;

  function choose(name: string): void {
    const other = otherSide(side);
    const names = { [side]: name, [other]: model[other].source.name };
    // The same source twice would say nothing: the sides change places.
    if (name === model[other].source.name) names[other] = current.name;
    change({ ...names, view: "" }, "push");
  }

  return (
    <span className="source-choice">
      <label htmlFor={id}>{side === "left" ? "Left" : "Right"}</label>
      <select id={id} value={current.name} onChange={(event) => choose(event.target.value)}>
        {known.map((source) => (
          <option key={source.name} value={source.name}>
            {known.some((other) => other !== source && other.label === source.label)
              ? `${source.label} (${source.name})`
              : source.label}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The most that is listed; the rows can be narrowed to all of it. */
const maxSteps = 12;

function CriticalPath({
  side,
  workspace,
}: {
  readonly side: Side;
  readonly workspace: Workspace;
}): ReactNode {
  const { model, tree, select, change } = workspace;
  const path = model[side].criticalPath;
  const total = path.reduce((sum, step) => sum + step.nanos, 0);
  const longest = path.toSorted((one, other) => other.nanos - one.nanos);
  if (path.length === 0) return undefined;
  const nameOf = (spanId: string): string => readRowName(model, tree.indexes.get(spanId), side);
  return (
    // It hears what its buttons let through.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details className="critical-path" onBlur={closeWhenLeft} onKeyDown={closeOnEscape}>
      <summary>
        <span className="quiet">Critical path</span> {formatCount(path.length, "span")}
      </summary>
      {/* Takes the focus of a click, which would leave the list otherwise. */}
      <div className="popover" tabIndex={-1}>
        <p className="quiet">What decided how long it took, the longest first:</p>
        <ol>
          {longest.slice(0, maxSteps).map((step) => (
            <li key={step.spanId}>
              <button type="button" className="plain" onClick={() => select(step.spanId)}>
                {nameOf(step.spanId)}
              </button>
              <span className="quiet">
                {formatDuration(step.nanos / 1e6)}
                {total > 0 && `, ${writeShare(step.nanos / total)}`}
              </span>
            </li>
          ))}
        </ol>
        <button type="button" onClick={() => change({ rows: "critical" })}>
          Show only these rows
        </button>
      </div>
    </details>
  );
}

function writeShare(share: number): string {
  return share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(share * 100)} %`;
}

function closeWhenLeft({ currentTarget, relatedTarget }: FocusEvent<HTMLDetailsElement>): void {
  if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
}

function closeOnEscape(event: KeyboardEvent<HTMLDetailsElement>): void {
  if (event.key !== "Escape") return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary")?.focus();
}

function readRowName(model: TracePageModel, index: number | undefined, side: Side): string {
  const row = model.rows[index ?? -1];
  return row ? `${row.service}: ${(row[side] ?? row[otherSide(side)])?.name ?? row.spanId}` : "a span";
}
