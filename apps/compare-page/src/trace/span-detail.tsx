import type { SpanDetail as Detail, TraceRow } from "@tracebridge/compare/page-model";
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import { useAnswer } from "../api/use-answer.ts";
import { ProblemNote } from "../shell/problem-note.tsx";
import { CopyableId } from "./copy-button.tsx";
import { formatDuration } from "./duration-text.ts";
import { withoutIdleDetail } from "./one-sided.ts";
import { sides } from "./side.ts";
import { SpanEvents } from "./span-events.tsx";
import { SpanLinks } from "./span-links.tsx";
import { SpanNotes } from "./span-notes.tsx";
import { SpanTable } from "./span-table-view.tsx";
import type { Workspace } from "./use-workspace.ts";

interface SpanDetailProps {
  readonly row: TraceRow;
  readonly workspace: Workspace;
}

/** Everything that both sides know of one span. */
export function SpanDetail({ row, workspace }: SpanDetailProps): ReactNode {
  const { spanId, service } = row;
  const { answer, reload } = useSpan(spanId, workspace);
  return (
    <div className="span-detail">
      <p className="detail-head">
        <span className="service-dot" data-colour={workspace.colours.get(service)} aria-hidden="true" />
        <span className="quiet">{service}</span>
        <CopyableId id={spanId} what="span id" />
      </p>
      <SideFacts row={row} workspace={workspace} />
      {answer === undefined && <p className="quiet">Loading the span…</p>}
      {answer?.ok === false && <ProblemNote problem={answer.problem} onRetry={reload} />}
      {answer?.ok && <DetailParts detail={answer.value} workspace={workspace} />}
    </div>
  );
}

function DetailParts({
  detail,
  workspace,
}: {
  readonly detail: Detail;
  readonly workspace: Workspace;
}): ReactNode {
  const { model, labels } = workspace;
  const compared = useMemo(() => withoutIdleDetail(detail, model), [detail, model]);
  return (
    <>
      <SpanNotes notes={detail.notes} labels={labels} />
      <SpanTable detail={compared} labels={labels} />
      <SpanEvents detail={compared} labels={labels} startMillis={model.startMillis} />
      <SpanLinks detail={compared} labels={labels} />
    </>
  );
}

/** Asks again when the trace was refreshed; what was shown stays until then. */
function useSpan(spanId: string, { model, address }: Workspace): ReturnType<typeof useAnswer<Detail>> {
  const client = useClient();
  const { traceId } = model;
  const { left, right } = address;
  const load = useCallback(
    (signal: AbortSignal) => client.readSpan(traceId, spanId, { left, right }, signal),
    [client, traceId, spanId, left, right],
  );
  const loading = useAnswer(load);
  const { reload } = loading;
  const shownModel = useRef(model);
  useEffect(() => {
    if (shownModel.current !== model) reload();
    shownModel.current = model;
  }, [model, reload]);
  return loading;
}

/** What the rows say, in words. */
function SideFacts({ row, workspace }: SpanDetailProps): ReactNode {
  return (
    <dl className="side-facts">
      {sides.map((side) => {
        const own = row[side];
        return (
          <div key={side}>
            <dt>{workspace.labels[side]}</dt>
            <dd>
              {own === undefined
                ? row.differences.late > 0
                  ? "not yet here"
                  : "has no such span"
                : `${own.kind || "no kind"} · ${own.status} · at ${formatDuration(own.startMillis)} · takes ${formatDuration(own.durationMillis)}`}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
