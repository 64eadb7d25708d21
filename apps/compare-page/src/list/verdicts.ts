import type { TraceSummary } from "@tracebridge/compare/page-model";
import type { ComparisonSummary } from "@tracebridge/compare/page-model";
import type { CompareClient } from "../api/client.ts";
import type { Answer } from "../api/problem.ts";

/** Asks for verdicts, a few at a time: a list of traces must not keep the server from what the reader asks for next. */
export interface Verdicts {
  read(trace: TraceSummary, signal: AbortSignal): Promise<Answer<ComparisonSummary>>;
}

const maxAtOnce = 2;
const maxKept = 500;

export function createVerdicts(client: CompareClient): Verdicts {
  const kept = new Map<string, ComparisonSummary>();
  const waiting: (() => void)[] = [];
  let running = 0;
  const next = (): void => {
    running -= 1;
    waiting.shift()?.();
  };
  return {
    read: async (trace, signal) => {
      const name = `${trace.traceId} ${trace.lastSeenMillis}`;
      const known = kept.get(name);
      if (known) return { ok: true, value: known };
      if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      running += 1;
      const answer = await client.readVerdict(trace.traceId, {}, signal);
      next();
      // What is on its way is another verdict in a moment.
      if (answer.ok && answer.value.verdict !== "incomplete") {
        kept.set(name, answer.value);
        for (const oldest of [...kept.keys()].slice(0, -maxKept)) kept.delete(oldest);
      }
      return answer;
    },
  };
}
