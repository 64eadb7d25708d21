import type { SourceInfo } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem.ts";
import { Link } from "../shell/link.tsx";
import { ProblemNote } from "../shell/problem-note.tsx";

interface TraceProblemProps {
  readonly traceId: string;
  readonly problem: Problem;
  readonly sources: readonly SourceInfo[];
  /** The names that were asked for; empty for the usual ones. */
  readonly asked: { readonly left: string; readonly right: string };
  readonly onRetry: () => void;
}

/** Why there is nothing to see, and what to do. */
export function TraceProblem({ traceId, problem, sources, asked, onRetry }: TraceProblemProps): ReactNode {
  if (problem.code === "TRACE_NOT_FOUND") return <MissingTrace traceId={traceId} onRetry={onRetry} />;
  const left = asked.left || sources[0]?.name;
  const right = asked.right || sources[1]?.name;
  const others = createPairs(sources).filter(
    (pair) => !pair.every(({ name }) => name === left || name === right),
  );
  return (
    <section className="trace-problem">
      <h1>
        Trace <code>{traceId}</code>
      </h1>
      <ProblemNote problem={problem} onRetry={onRetry} />
      {problem.status !== undefined && others.length > 0 && (
        <p>
          Or look at it through other sources:{" "}
          {others.slice(0, maxPairs).map(([left, right]) => (
            <span key={left.name + right.name} className="pair">
              <Link
                to={`/trace/${traceId}?${new URLSearchParams({ left: left.name, right: right.name }).toString()}`}
              >
                {left.label} and {right.label}
              </Link>{" "}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

/** At most this many pairs are offered. */
const maxPairs = 6;

function createPairs(sources: readonly SourceInfo[]): [SourceInfo, SourceInfo][] {
  return sources.flatMap((left, index) =>
    sources.slice(index + 1).map((right): [SourceInfo, SourceInfo] => [left, right]),
  );
}

function MissingTrace({ traceId, onRetry }: Pick<TraceProblemProps, "traceId" | "onRetry">): ReactNode {
  return (
    <section className="note">
      <h1>Nothing of this trace is here</h1>
      <p>
        No span, log or error of <code>{traceId}</code> has arrived. Spans arrive up to a few seconds after
        they end: this page looks again by itself as soon as one of this trace arrives.
      </p>
      <p>
        The local stores keep the newest traces only, and forget all of them when compare is restarted without{" "}
        <code>COMPARE_STORE</code>. A trace that was not sampled is nowhere.
      </p>
      <p>
        <button type="button" onClick={onRetry}>
          Look again
        </button>{" "}
        <Link to="/">Recent traces</Link>
      </p>
    </section>
  );
}
