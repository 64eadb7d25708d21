import { createContext, use, useEffect, useState, type ReactNode } from "react";
import type { ComparisonSummary, TraceSummary } from "@tracebridge/compare/page-model";
import type { Verdicts } from "./verdicts.ts";

export const VerdictsContext = createContext<Verdicts | undefined>(undefined);

/** Larger traces are compared when they are opened. */
const maxSpans = 2000;
/** How long a span may be on its way until compare takes it for missing is 10 s. */
const askAgainMillis = 5000;

type Known = Pick<ComparisonSummary, "counts"> & {
  verdict: ComparisonSummary["verdict"] | "large" | "unknown";
};

/** Whether both stores tell the same about a trace. */
export function VerdictCell({ trace }: { readonly trace: TraceSummary }): ReactNode {
  const known = useVerdict(trace);
  if (trace.otlpSpans === 0) return <span className="badge">Sentry only</span>;
  if (trace.sentrySpans === 0) return <span className="badge">OTLP only</span>;
  switch (known?.verdict) {
    case undefined:
      return <span className="quiet">…</span>;
    case "equal":
      return <span className="badge good">equal</span>;
    case "different":
      return <span className="badge bad">{formatCount(known.counts.unexplained)}</span>;
    case "incomplete":
      return <span className="badge late">arriving</span>;
    case "one-sided":
      return <span className="badge">one side only</span>;
    case "no-spans":
      return <span className="badge">no spans</span>;
    case "large":
      return <span className="quiet">open to compare</span>;
    case "unknown":
      return <span className="quiet">not compared</span>;
  }
}

function formatCount(count: number): string {
  return count === 1 ? "1 difference" : `${count} differences`;
}

function useVerdict(trace: TraceSummary): Known | undefined {
  const verdicts = use(VerdictsContext);
  const [state, setState] = useState<{ trace: TraceSummary; known: Known }>();
  const { traceId, lastSeenMillis } = trace;
  const worthAsking = trace.sentrySpans > 0 && trace.otlpSpans > 0;
  const isLarge = trace.sentrySpans + trace.otlpSpans > maxSpans;
  useEffect(() => {
    if (!verdicts || !worthAsking || isLarge) return;
    const control = new AbortController();
    let timer: number | undefined;
    const ask = async (): Promise<void> => {
      const answer = await verdicts.read(trace, control.signal);
      if (control.signal.aborted) return;
      setState({ trace, known: answer.ok ? answer.value : { verdict: "unknown", counts: noCounts } });
      if (answer.ok && answer.value.verdict === "incomplete") {
        timer = window.setTimeout(() => void ask(), askAgainMillis);
      }
    };
    void ask();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
    // A refresh makes new objects of what has not changed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [verdicts, traceId, lastSeenMillis, worthAsking, isLarge]);
  if (isLarge) return { verdict: "large", counts: noCounts };
  // The verdict of a moment ago stays until the new one is here.
  return state?.known;
}

const noCounts = { unexplained: 0, explained: 0, late: 0 };
