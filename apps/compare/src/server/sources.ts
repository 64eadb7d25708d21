import type { Trace } from "@tracebridge/comparison";
import { SourceError, type TraceSource } from "../sources/source.ts";
import type { TraceStore } from "../store/store.ts";
import type { Side, TraceView } from "../trace/model.ts";

/** Where the back ends show a trace to people, if they do. */
export interface PageLinks {
  sentry?: (traceId: string) => string;
  jaeger?: (traceId: string) => string;
}

/** Both stores of this process, for the pages. */
export function createLocalSources(store: TraceStore, links: PageLinks = {}): TraceSource[] {
  const reading = new Map<string, Promise<TraceView>>();
  // Both sides are read at once when they are compared.
  const readBoth = (traceId: string): Promise<TraceView> => {
    const view = reading.get(traceId) ?? store.readTrace(traceId).finally(() => reading.delete(traceId));
    reading.set(traceId, view);
    return view;
  };
  const create = (side: Side, label: string, pageUrl?: (traceId: string) => string): TraceSource => ({
    name: `local:${side}`,
    label,
    format: side,
    readTrace: async (traceId) => {
      const trace = (await readBoth(traceId))[side];
      return isEmpty(trace) ? undefined : trace;
    },
    findTraceIds: async (query, limit) =>
      (await store.findTraces(query, limit)).map(({ traceId }) => traceId),
    pageUrl,
  });
  return [create("sentry", "Sentry", links.sentry), create("otlp", "OTLP", links.jaeger)];
}

/**
 * @param name as a page asks for it; undefined takes the source at `fallback`
 * @throws SourceError when it is none of those that this process was started with
 */
export function chooseSource(
  sources: readonly TraceSource[],
  name: string | null,
  fallback: number,
): TraceSource {
  const source = name ? sources.find((one) => one.name === name) : sources[fallback];
  if (source) return source;
  const names = sources.map((one) => one.name).join(", ");
  throw new SourceError("SOURCE_UNKNOWN", `There is no source of this name. There are: ${names}.`);
}

export function isEmpty({ spans, errors, logs }: Trace): boolean {
  return [spans, errors, logs].every((list) => list.length === 0);
}
