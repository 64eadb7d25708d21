import type { TraceSource } from "../../sources/source.ts";
import { RequestError } from "../answer.ts";
import { startComparisonThread, type ComparisonThread } from "./comparison-thread.ts";
import type { ComparedSide, Question } from "./protocol.ts";

/** Comparisons of traces as two sources tell them; the last few are kept. */
export interface Comparisons {
  /**
   * @returns the answer as JSON; undefined when the comparison has no such thing
   * @throws RequestError when neither source knows the trace
   * @throws SourceError when a source cannot be asked
   */
  ask(
    traceId: string,
    left: TraceSource,
    right: TraceSource,
    question: Question,
  ): Promise<string | undefined>;
  /** Something of these traces has arrived. */
  forget(traceIds: Iterable<string>): void;
  close(): Promise<void>;
}

interface Kept {
  key: number;
  traceId: string;
  ready: Promise<void>;
  /** Milliseconds since 1970. */
  until: number;
}

/** A page asks several questions of one comparison, and a reader goes back and forth between a few. */
const maxKept = 4;
/** What is on its way becomes missing without anything arriving. */
const lateMillis = 1000;
/** Nobody says when something arrives at a back end elsewhere. */
const remoteMillis = 10_000;

export function createComparisons(): Comparisons {
  let thread: ComparisonThread | undefined;
  /** The most recently asked comes last. */
  const kept = new Map<string, Kept>();
  let lastKey = 0;
  const ask: ComparisonThread["ask"] = (call) => {
    // By the first call: many who run compare never look at a trace.
    thread ??= startComparisonThread(() => {
      thread = undefined;
      kept.clear();
    });
    return thread.ask(call);
  };
  const drop = (name: string): void => {
    const entry = kept.get(name);
    if (!entry || !kept.delete(name)) return;
    // A thread that has ended has forgotten it already.
    entry.ready.then(() => thread?.ask({ method: "forget", key: entry.key })).catch(() => undefined);
  };
  const start = (name: string, traceId: string, left: TraceSource, right: TraceSource): Kept => {
    lastKey += 1;
    const entry: Kept = { key: lastKey, traceId, ready: Promise.resolve(), until: Infinity };
    entry.ready = compare(entry, left, right);
    entry.ready.catch(() => kept.get(name) === entry && kept.delete(name));
    return entry;
  };
  const compare = async (entry: Kept, left: TraceSource, right: TraceSource): Promise<void> => {
    const nowMillis = Date.now();
    const sides = await readSides(entry.traceId, left, right);
    const counts = await ask({ method: "compare", key: entry.key, ...sides, nowMillis });
    const { late } = JSON.parse(counts ?? "{}") as { late?: number };
    if (late) entry.until = nowMillis + lateMillis;
    else if (![left, right].every(isLocal)) entry.until = nowMillis + remoteMillis;
  };
  return {
    ask: async (traceId, left, right, question) => {
      const name = JSON.stringify([traceId, left.name, right.name]);
      const before = kept.get(name);
      if (before && before.until < Date.now()) drop(name);
      const entry = kept.get(name) ?? start(name, traceId, left, right);
      kept.delete(name);
      kept.set(name, entry);
      for (const oldest of [...kept.keys()].slice(0, -maxKept)) drop(oldest);
      await entry.ready;
      return ask({ method: "answer", key: entry.key, question });
    },
    forget: (traceIds) => {
      if (kept.size === 0) return;
      const arrived = new Set(traceIds);
      for (const [name, { traceId }] of kept) if (arrived.has(traceId)) drop(name);
    },
    close: async () => thread?.close(),
  };
}

async function readSides(
  traceId: string,
  left: TraceSource,
  right: TraceSource,
): Promise<{ left: ComparedSide; right: ComparedSide }> {
  const sides = await Promise.all([readSide(traceId, left), readSide(traceId, right)]);
  if (sides.every(({ known }) => !known)) {
    throw new RequestError(
      404,
      "TRACE_NOT_FOUND",
      `Neither ${left.label} nor ${right.label} knows anything of trace ${traceId}. Spans arrive up to a second ` +
        "after they end: try again in a moment.",
    );
  }
  return { left: sides[0].side, right: sides[1].side };
}

async function readSide(
  traceId: string,
  source: TraceSource,
): Promise<{ known: boolean; side: ComparedSide }> {
  const { name, label, format } = source;
  const trace = await source.readTrace(traceId);
  const side: ComparedSide = {
    source: { name, label, format },
    pageUrl: source.pageUrl?.(traceId),
    trace: trace ?? { traceId, format, spans: [], errors: [], logs: [] },
  };
  return { known: trace !== undefined, side };
}

function isLocal({ name }: TraceSource): boolean {
  return name.startsWith("local:");
}
