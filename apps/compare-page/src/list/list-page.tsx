import { useMemo, useState, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import type { Connection } from "../api/use-arrivals.ts";
import { ProblemNote } from "../shell/problem-note.tsx";
import { EmptyList } from "./empty-list.tsx";
import { TraceTable } from "./trace-table.tsx";
import { useTraceList, type TraceList } from "./use-trace-list.ts";
import { VerdictsContext } from "./verdict-cell.tsx";
import { createVerdicts } from "./verdicts.ts";
import "./list.css";

interface ListPageProps {
  /** `query`: what is searched for; `sort`: by which column. */
  readonly params: URLSearchParams;
}

const pageSize = 50;
/** Compare answers with no more. */
const maxTraces = 500;

export function ListPage({ params }: ListPageProps): ReactNode {
  const query = params.get("query") ?? "";
  // Another search starts at its beginning.
  return <List key={query} query={query} sort={params.get("sort")} />;
}

function List({ query, sort }: { readonly query: string; readonly sort: string | null }): ReactNode {
  const client = useClient();
  const verdicts = useMemo(() => createVerdicts(client), [client]);
  const [limit, setLimit] = useState(pageSize);
  const list = useTraceList(query, limit);
  const { rows, answered, problem } = list;
  return (
    <VerdictsContext value={verdicts}>
      <div className="list-head">
        <h1 id="list-title">{query === "" ? "Recent traces" : <>Traces with “{query}”</>}</h1>
        <ConnectionState connection={list.connection} />
      </div>
      <NewTraces list={list} />
      {problem && <ProblemNote problem={problem} onRetry={list.reload} />}
      {!answered && <p className="quiet">Loading…</p>}
      {answered && !problem && rows.length === 0 && <EmptyList query={query} />}
      {rows.length > 0 && <TraceTable rows={rows} sort={sort} labelledBy="list-title" />}
      {rows.length >= limit && limit < maxTraces && (
        <button type="button" className="more" onClick={() => setLimit(Math.min(limit * 2, maxTraces))}>
          Show more
        </button>
      )}
    </VerdictsContext>
  );
}

/** Always there, so that screen readers announce what appears in it. */
function NewTraces({ list: { waiting, showWaiting } }: { readonly list: TraceList }): ReactNode {
  return (
    <output className="new-traces">
      {waiting > 0 && (
        <button type="button" onClick={showWaiting}>
          {waiting === 1 ? "Show 1 new trace" : `Show ${waiting} new traces`}
        </button>
      )}
    </output>
  );
}

const connectionTexts: Readonly<Record<Connection, string>> = {
  connecting: "connecting…",
  live: "live",
  lost: "connection lost, trying again…",
};

function ConnectionState({ connection }: { readonly connection: Connection }): ReactNode {
  return <output className={`connection ${connection}`}>{connectionTexts[connection]}</output>;
}
