import { useCallback, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import { useAnswer } from "../api/use-answer.ts";
import { Link } from "../shell/link.tsx";
import { ProblemNote } from "../shell/problem-note.tsx";

interface ListPageProps {
  /** `query`: what is searched for. */
  readonly params: URLSearchParams;
}

export function ListPage({ params }: ListPageProps): ReactNode {
  const client = useClient();
  const query = params.get("query") ?? "";
  const load = useCallback((signal: AbortSignal) => client.readTraces({ query }, signal), [client, query]);
  const { answer, reload } = useAnswer(load);
  if (answer === undefined) return <p className="quiet">Loading…</p>;
  if (!answer.ok) return <ProblemNote problem={answer.problem} onRetry={reload} />;
  return (
    <ul>
      {answer.value.map((trace) => (
        <li key={trace.traceId}>
          <Link to={`/trace/${trace.traceId}`}>{trace.name}</Link>
        </li>
      ))}
    </ul>
  );
}
