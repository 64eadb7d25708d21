import { useCallback, useEffect, useState } from "react";
import type { Answer } from "./problem.ts";

export interface Loading<T> {
  /** The last answer to this question; undefined until there is one. */
  readonly answer?: Answer<T>;
  readonly loading: boolean;
  /** Asks again; the old answer stays until the new one is here. */
  readonly reload: () => void;
}

/**
 * Asks when it is shown, when `load` is another function (give it by `useCallback`), and on `reload`. An answer that
 * was overtaken by a later question is dropped.
 */
export function useAnswer<T>(load: (signal: AbortSignal) => Promise<Answer<T>>): Loading<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ load: unknown; round: number; answer: Answer<T> }>();
  useEffect(() => {
    const control = new AbortController();
    void load(control.signal).then((answer) => {
      if (!control.signal.aborted) setState({ load, round, answer });
    });
    return () => control.abort();
  }, [load, round]);
  const current = state?.load === load ? state : undefined;
  return {
    answer: current?.answer,
    loading: current?.round !== round,
    reload: useCallback(() => setRound((before) => before + 1), []),
  };
}
