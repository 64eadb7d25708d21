import { useCallback, useState, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import { useAnswer } from "../api/use-answer.ts";
import { TraceProblem } from "./trace-problem.tsx";
import { TraceWorkspace } from "./trace-workspace.tsx";
import { useArrivals } from "./use-arrivals.ts";
import { useTraceAddress } from "./use-trace-address.ts";
import "./trace.css";
import "./waterfall.css";
import "./panel.css";

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
  const { answer } = page;
  const [hasNews, setHasNews] = useState(false);
  const reload = (): void => {
    setHasNews(false);
    page.reload();
  };
  useArrivals(traceId, () => {
    // What is whole and compared stays as it is until the reader asks: it may be just what they look at.
    if (answer?.ok && (answer.value.verdict === "equal" || answer.value.verdict === "different"))
      setHasNews(true);
    else reload();
  });

  const known = sources.answer?.ok ? sources.answer.value : [];
  if (answer === undefined) return <output className="quiet">Loading the trace…</output>;
  if (!answer.ok)
    return <TraceProblem traceId={traceId} problem={answer.problem} sources={known} onRetry={reload} />;
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
