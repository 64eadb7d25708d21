import type { TraceView } from "../trace/model.ts";
import { CommandError } from "./command-error.ts";
import { createEmptyTrace, findTraceIds, openSources, readTraces } from "./compare-sources.ts";
import { readCompareUrl } from "./compare-url.ts";
import { oneLine } from "./terminal-text.ts";

/**
 * The trace of an order or trace id as both stores of compare have it; where the id is in several, the largest one.
 *
 * @throws CommandError when compare cannot be asked, or knows nothing by that id
 */
export async function findTraces(
  id: string,
  env: NodeJS.ProcessEnv,
): Promise<{ trace: TraceView; otherTraceIds: string[] }> {
  const sources = openSources({ left: "local:sentry", right: "local:otlp" }, env);
  const [traceId, ...otherTraceIds] = await findTraceIds(sources, id);
  const [sentry, otlp] = traceId === undefined ? [] : await readTraces(sources, traceId);
  if (traceId === undefined || (!sentry && !otlp)) {
    throw new CommandError(
      1,
      `Nothing is known of "${oneLine(id)}" at ${readCompareUrl(env)}.\n` +
        "Spans arrive up to some seconds after they end: try again in a moment. Is the id right, and does " +
        "OTEL_TRACES_EXPORTER of the services name sentry or otlp?",
    );
  }
  const trace = {
    traceId,
    sentry: sentry ?? createEmptyTrace(traceId, "sentry"),
    otlp: otlp ?? createEmptyTrace(traceId, "otlp"),
  };
  return { trace, otherTraceIds };
}
