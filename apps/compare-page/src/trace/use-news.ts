import type { TracePageModel } from "@tracebridge/compare/page-model";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../api/client-context.ts";
import type { Loading } from "../api/use-answer.ts";
import { useArrivals } from "../api/use-arrivals.ts";
import type { TraceAddress } from "./trace-address.ts";

export interface News {
  /** More of the trace is there than is shown. */
  readonly waiting: boolean;
  readonly show: () => void;
}

const settleMillis = 3000;

/**
 * Follows what arrives of a trace. What was compared stays as it is until the reader asks, since it may be just what
 * they look at; what is not whole yet is asked for again, one question at a time: a large trace takes a while.
 */
export function useNews(
  traceId: string,
  { left, right }: Pick<TraceAddress, "left" | "right">,
  { answer, loading, reload }: Loading<TracePageModel>,
): News {
  const client = useClient();
  const [waiting, setWaiting] = useState(false);
  /** Something has come since the question under way was asked. */
  const missed = useRef(false);
  const shown = answer?.ok ? answer.value : undefined;
  const isWhole = shown?.verdict === "equal" || shown?.verdict === "different";
  const show = (): void => {
    setWaiting(false);
    reload();
  };
  useArrivals((traceIds) => {
    if (traceIds && !traceIds.includes(traceId)) return;
    if (loading) missed.current = true;
    else if (!isWhole) show();
    else if (traceIds) setWaiting(true);
    else {
      // Nobody listened for a while: that alone is no news.
      void client.readVerdict(traceId, { left, right }).then((now) => {
        if (now.ok && !isSame(now.value.counts, shown.counts)) setWaiting(true);
      });
    }
  });
  useEffect(() => {
    if (loading || !missed.current) return;
    missed.current = false;
    reload();
  }, [loading, reload]);
  useEffect(() => {
    if (loading || shown?.verdict !== "incomplete") return;
    // What never comes is missing one day, and nothing arrives that would tell.
    const timer = setTimeout(reload, settleMillis);
    return () => clearTimeout(timer);
  }, [loading, shown, reload]);
  return { waiting, show };
}

function isSame(left: TracePageModel["counts"], right: TracePageModel["counts"]): boolean {
  return (
    left.unexplained === right.unexplained && left.explained === right.explained && left.late === right.late
  );
}
