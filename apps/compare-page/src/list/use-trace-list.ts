import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "../api/client-context.ts";
import type { Problem } from "../api/problem.ts";
import { useArrivals, type Connection } from "../api/use-arrivals.ts";
import { noRows, placeAll, refresh, showWaiting, type ListRows } from "./list-rows.ts";

export interface TraceList extends ListRows {
  /** False until the question has been answered. */
  readonly answered: boolean;
  /** Why the last question failed; what is on show is older. */
  readonly problem?: Problem;
  readonly connection: Connection;
  readonly reload: () => void;
  readonly showWaiting: () => void;
}

interface State extends ListRows {
  readonly question: string;
  readonly problem?: Problem;
}

/** Arrivals within this time lead to one question. */
const refreshMillis = 1000;

/** The traces that `query` finds, kept up to date. */
export function useTraceList(query: string, limit: number): TraceList {
  const client = useClient();
  const question = JSON.stringify([query, limit]);
  const [state, setState] = useState<State>();
  const control = useRef<AbortController>(undefined);
  const timer = useRef<number>(undefined);
  const asking = useRef(false);

  const reload = useCallback(() => {
    control.current?.abort();
    const { signal } = (control.current = new AbortController());
    asking.current = true;
    void client.readTraces({ query, limit }, signal).then((answer) => {
      if (signal.aborted) return;
      asking.current = false;
      setState((before) => {
        const known = before?.question === question ? before : undefined;
        if (!answer.ok) return { ...(known ?? noRows), question, problem: answer.problem };
        const isFirst = known === undefined || (known.problem !== undefined && known.rows.length === 0);
        return { question, ...(isFirst ? placeAll(answer.value) : refresh(known, answer.value)) };
      });
    });
  }, [client, query, limit, question]);
  const latest = useRef(reload);
  useEffect(() => {
    latest.current = reload;
    reload();
    return () => control.current?.abort();
  }, [reload]);

  const refreshSoon = (): void => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      // A busy server is given the time it takes: asked anew each time, it would never be heard.
      if (asking.current) refreshSoon();
      else latest.current();
    }, refreshMillis);
  };
  const connection = useArrivals(refreshSoon);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const current = state?.question === question ? state : undefined;
  return {
    ...(current ?? noRows),
    answered: current !== undefined,
    connection,
    reload,
    showWaiting: useCallback(() => setState((before) => before && { ...before, ...showWaiting(before) }), []),
  };
}
