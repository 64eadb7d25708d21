import type { ReactNode } from "react";

interface TracePageProps {
  readonly traceId: string;
  /** `left`, `right`: names of sources; `view`: `sentry`, `otlp` or both; `span`: the selected one. */
  readonly params: URLSearchParams;
}

export function TracePage({ traceId }: TracePageProps): ReactNode {
  return (
    <h1>
      Trace <code>{traceId}</code>
    </h1>
  );
}
