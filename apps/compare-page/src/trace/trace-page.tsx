import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import { useAnswer } from "../api/use-answer.ts";
import { useArrivals } from "../api/use-arrivals.ts";
import { TraceProblem } from "./trace-problem.tsx";
import { TraceWorkspace } from "./trace-workspace.tsx";
import { useTraceAddress } from "./use-trace-address.ts";
import "./trace.css";
import "./waterfall.css";
import "./panel.css";

const settleMillis = 3000;

interface TracePageProps {
  readonly traceId: string;
  readonly params: URLSearchParams;
}

/** One trace as two sources tell it, side by side. */
export function TracePage({ traceId, params }: TracePageProps): ReactNode {
  const client = useClient();
  const [address, change] = useTraceAddress(params);
  const { left, right } = address;
  const sources = useAnswer(useCallback((signal: AbortSignal) => client.readSources(signal), [client]));
  const page = useAnswer(
    useCallback(
      (signal: AbortSignal) => client.readTracePage(traceId, { left, right }, signal),
      [client, traceId, left, right],
    ),
  );
  const { answer, reload: askAgain } = page;
  const verdict = answer?.ok ? answer.value.verdict : undefined;
  const [hasNews, setHasNews] = useState(false);
  const reload = (): void => {
    setHasNews(false);
    askAgain();
  };
  useArrivals((traceIds) => {
    if (traceIds && !traceIds.includes(traceId)) return;
    // What was compared stays as it is until the reader asks: it may be just what they look at.
    if (verdict === "equal" || verdict === "different") setHasNews(true);
    else reload();
  });
  useEffect(() => {
    if (verdict !== "incomplete") return;
    // What never comes is missing one day, and nothing arrives that would tell.
    const timer = setInterval(askAgain, settleMillis);
    return () => clearInterval(timer);
  }, [verdict, askAgain]);

  const known = sources.answer?.ok ? sources.answer.value : [];
  if (answer === undefined) return <output className="quiet">Loading the trace…</output>;
  if (!answer.ok)
    return (
      <TraceProblem
        traceId={traceId}
        problem={answer.problem}
        sources={known}
        asked={address}
        onRetry={reload}
      />
    );
  return (
    <TraceWorkspace
      model={answer.value}
      address={address}
      change={change}
      sources={known}
      onRefresh={hasNews ? reload : undefined}
    />
  );
}
