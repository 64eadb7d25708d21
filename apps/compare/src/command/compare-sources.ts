import type { Trace } from "@tracebridge/comparison";
import { openSource } from "../sources/open-source.ts";
import { SourceError, type TraceSource } from "../sources/source.ts";
import { CommandError } from "./command-error.ts";
import type { CompareSide } from "./compared.ts";
import { oneLine } from "./terminal-text.ts";

export type SourcePair = Record<CompareSide, TraceSource>;

/** How many traces an id may be found in. */
const maxFound = 20;

/** @throws CommandError when a name is none of a source, or its variables are not set */
export function openSources(names: Record<CompareSide, string>, env: NodeJS.ProcessEnv): SourcePair {
  const left = openSide("--left", names.left, env);
  // Standard input can be read by one of them only.
  return { left, right: names.right === names.left ? left : openSide("--right", names.right, env) };
}

function openSide(option: string, name: string, env: NodeJS.ProcessEnv): TraceSource {
  try {
    return openSource(name, env);
  } catch (error) {
    if (error instanceof SourceError) throw new CommandError(2, `${option}: ${oneLine(error.message)}`);
    throw error;
  }
}

/** Both sides' traces; undefined for a side that knows nothing of it. */
export async function readTraces(
  sources: SourcePair,
  traceId: string,
): Promise<[Trace | undefined, Trace | undefined]> {
  return askBoth(sources, async (source) => source.readTrace(traceId));
}

/**
 * Ids of the traces that `query` is found in. The largest is meant, and comes first: an order's own trace has far more
 * spans than the requests that only asked for its status.
 */
export async function findTraceIds(sources: SourcePair, query: string): Promise<string[]> {
  const [left, right] = await askBoth(sources, async (source) => source.findTraceIds(query, maxFound));
  return putLargestFirst(sources, left, right);
}

/** Each source has its likeliest first; where these are not the same, the one with more spans is meant. */
async function putLargestFirst(
  sources: SourcePair,
  ofLeft: readonly string[],
  ofRight: readonly string[],
): Promise<string[]> {
  const ids = [...new Set([...ofLeft, ...ofRight])];
  const [first, other] = new Set([ofLeft[0], ofRight[0]].filter((id) => id !== undefined));
  if (first === undefined || other === undefined) return ids;
  const [a, b] = [await countSpans(sources, first), await countSpans(sources, other)];
  const largest = b > a ? other : first;
  return [largest, ...ids.filter((id) => id !== largest)];
}

async function countSpans(sources: SourcePair, traceId: string): Promise<number> {
  const traces = await readTraces(sources, traceId);
  return traces.reduce((sum, trace) => sum + (trace?.spans.length ?? 0), 0);
}

/** Asks both at once; what is wrong with either is told together. */
async function askBoth<T>(
  { left, right }: SourcePair,
  ask: (source: TraceSource) => Promise<T>,
): Promise<[T, T]> {
  const [ofLeft, ofRight] = await Promise.allSettled([ask(left), ask(right)]);
  if (ofLeft.status === "fulfilled" && ofRight.status === "fulfilled") return [ofLeft.value, ofRight.value];
  const lines = [ofLeft, ofRight].flatMap((settled) =>
    settled.status === "rejected" ? describeFailure(settled.reason) : [],
  );
  throw new CommandError(2, [...new Set(lines)].join("\n"));
}

function describeFailure(error: unknown): string {
  if (error instanceof SourceError) return oneLine(error.message);
  throw error;
}

/** For a side that knows nothing of the trace. */
export function createEmptyTrace(traceId: string, format: Trace["format"]): Trace {
  return { traceId, format, spans: [], errors: [], logs: [] };
}

/** Whether it is one of compare's own stores. */
export function isLocal({ name }: TraceSource): boolean {
  return name.startsWith("local:");
}

/** Whether it is a file, at which nothing arrives. */
export function isFile({ name }: TraceSource): boolean {
  return name.startsWith("file:");
}
