import { useCallback, type ReactNode } from "react";
import { useClient } from "../api/client-context.ts";
import { useAnswer } from "../api/use-answer.ts";
import { TraceProblem } from "./trace-problem.tsx";
import { TraceWorkspace } from "./trace-workspace.tsx";
import { useNews } from "./use-news.ts";
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
  const news = useNews(traceId, address, page);

  const known = sources.answer?.ok ? sources.answer.value : [];
  if (answer === undefined) return <output className="quiet">Loading the trace…</output>;
  if (!answer.ok)
    return (
      <TraceProblem
        traceId={traceId}
        problem={answer.problem}
        sources={known}
        asked={address}
        onRetry={news.show}
      />
    );
  return (
    <TraceWorkspace
      model={answer.value}
      address={address}
      change={change}
      sources={known}
      onRefresh={news.waiting ? news.show : undefined}
    />
  );
}
