import type { Difference, Explanation } from "@tracebridge/comparison";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import type { Problem } from "../api/problem.ts";
import { ProblemNote } from "../shell/problem-note.tsx";
import { filterDifferences } from "./difference-filter.ts";
import { DifferenceItem, nameSpan } from "./difference-item.tsx";
import { Prose } from "./prose.tsx";
import { isWebAddress } from "./trace-header.tsx";
import type { Workspace } from "./use-workspace.ts";

interface ExplainedGroupProps {
  readonly explanation: Explanation;
  readonly workspace: Workspace;
  readonly startsOpen: boolean;
}

/** One rule: what it says, why it is so, and, when asked for, everything that it explains here. */
export function ExplainedGroup({ explanation, workspace, startsOpen }: ExplainedGroupProps): ReactNode {
  const [open, setOpen] = useState(startsOpen);
  const { title, reason, source, count } = explanation;
  return (
    <details className="rule" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="rule-title">
          <Prose text={title} />
        </span>
        <span className="badge explained">{count.toLocaleString("en")}</span>
      </summary>
      <p className="rule-reason">
        <Prose text={reason} />{" "}
        {isWebAddress(source) ? (
          <a href={source} target="_blank" rel="noreferrer">
            Source<span className="out-of-sight"> of this rule (opens in a new tab)</span>
          </a>
        ) : (
          source !== undefined && <code>{source}</code>
        )}
      </p>
      {open && <Explained rule={explanation.rule} workspace={workspace} />}
    </details>
  );
}

/** As many are asked for at once. */
const pageSize = 100;

interface ExplainedProps {
  readonly rule: string;
  readonly workspace: Workspace;
}

function Explained({ rule, workspace }: ExplainedProps): ReactNode {
  const { list, problem, retry, more } = useExplained(rule, workspace);
  const { tree, address } = workspace;
  const choice = address.differences;
  const shown = useMemo(
    () =>
      filterDifferences(list.differences, { ...choice, verdict: "", rule: "" }, (id) =>
        id === undefined ? "" : nameSpan(tree, id),
      ),
    [list, choice, tree],
  );
  const rest = (list.total ?? 0) - list.differences.length;
  return (
    <>
      {list.total === undefined && !problem && <p className="quiet">Loading…</p>}
      {list.total !== undefined && shown.length === 0 && (
        <p className="quiet">None of those loaded is as the filter wants it.</p>
      )}
      <ul>
        {shown.map((difference, index) => (
          <DifferenceItem key={index} difference={difference} workspace={workspace} />
        ))}
      </ul>
      {problem && <ProblemNote problem={problem} onRetry={retry} />}
      {rest > 0 && (
        <button type="button" onClick={more}>
          Load {Math.min(rest, pageSize)} more of {rest.toLocaleString("en")}
        </button>
      )}
    </>
  );
}

interface Loaded {
  readonly differences: readonly Difference[];
  /** Undefined until the first answer. */
  readonly total?: number;
}

const nothing: Loaded = { differences: [] };

/** Page by page, as far as they were asked for. */
function useExplained(
  rule: string,
  { model, address }: Workspace,
): { list: Loaded; problem?: Problem; retry: () => void; more: () => void } {
  const client = useClient();
  const { traceId } = model;
  const { left, right } = address;
  const [wanted, setWanted] = useState({ offset: 0, round: 0 });
  const [state, setState] = useState<{ list: Loaded; problem?: Problem }>({ list: nothing });
  useEffect(() => {
    const control = new AbortController();
    const { offset } = wanted;
    void client
      .readDifferences(traceId, { left, right, rule, offset, limit: pageSize }, control.signal)
      .then((answer) => {
        if (control.signal.aborted) return;
        setState(({ list }) => {
          if (!answer.ok) return { list, problem: answer.problem };
          const { differences, total } = answer.value;
          return { list: { differences: [...list.differences.slice(0, offset), ...differences], total } };
        });
      });
    return () => control.abort();
  }, [client, traceId, left, right, rule, wanted]);
  return {
    ...state,
    retry: () => setWanted(({ offset, round }) => ({ offset, round: round + 1 })),
    more: () => setWanted(({ round }) => ({ offset: state.list.differences.length, round })),
  };
}
