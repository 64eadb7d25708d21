import type { ResourceLimits } from "node:worker_threads";
import type { TraceSource } from "../../sources/source.ts";
import { RequestError } from "../answer.ts";
import { startComparisonThread, type ComparisonThread } from "./comparison-thread.ts";
import type { ComparedSide, ComparisonCall, Question } from "./protocol.ts";

interface Kept {
  key: number;
  traceId: string;
  ready: Promise<void>;
  /** Spans, errors and logs of both sides; 0 until they have been read. */
  size: number;
  /** Milliseconds since 1970. */
  until: number;
}

/** A page asks several questions of one comparison, and a reader goes back and forth between a few. */
const maxKept = 4;
/** Of all that are kept; a larger one is kept alone. */
const maxKeptSize = 50_000;
/** What is on its way becomes missing without anything arriving. */
const lateMillis = 1000;
/** Nobody says when something arrives at a back end elsewhere. */
const remoteMillis = 10_000;

/** Comparisons of traces as two sources tell them; the last few are kept. */
export class Comparisons {
  #thread: ComparisonThread | undefined;
  /** The most recently asked comes last. */
  readonly #kept = new Map<string, Kept>();
  readonly #resourceLimits: ResourceLimits | undefined;
  #lastKey = 0;

  /** @param resourceLimits of the thread that compares; those of the process unless told */
  constructor(resourceLimits?: ResourceLimits) {
    this.#resourceLimits = resourceLimits;
  }

  /**
   * @returns the answer as JSON; undefined when the comparison has no such thing
   * @throws RequestError when neither source knows the trace
   * @throws SourceError when a source cannot be asked
   */
  async ask(
    traceId: string,
    left: TraceSource,
    right: TraceSource,
    question: Question,
  ): Promise<string | undefined> {
    const name = nameOf(traceId, left, right);
    const known = this.#find(name);
    const entry = known ?? this.#start(name, traceId, left, right);
    // A list asks for many verdicts, and for nothing else of those traces.
    const isPassing = question.kind === "verdict" && !known;
    if (!isPassing) this.#keep(name, entry);
    await entry.ready;
    const answer = this.#call({ method: "answer", key: entry.key, question });
    // Calls are answered in turn: it is forgotten after its answer, whatever that is.
    if (isPassing) this.#forget(entry);
    return answer;
  }

  /** Begins what a page that is being loaded will ask for; what is wrong with it is told then. */
  prepare(traceId: string, left: TraceSource, right: TraceSource): void {
    const name = nameOf(traceId, left, right);
    if (!this.#find(name)) this.#keep(name, this.#start(name, traceId, left, right));
  }

  /** Something of these traces has arrived. */
  arrived(traceIds: ReadonlySet<string>): void {
    for (const [name, { traceId }] of this.#kept) if (traceIds.has(traceId)) this.#drop(name);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #find(name: string): Kept | undefined {
    const entry = this.#kept.get(name);
    if (!entry || entry.until >= Date.now()) return entry;
    this.#drop(name);
    return undefined;
  }

  #keep(name: string, entry: Kept): void {
    this.#kept.delete(name);
    this.#kept.set(name, entry);
    this.#trim();
  }

  #trim(): void {
    let size = 0;
    for (const [index, [name, entry]] of [...this.#kept].toReversed().entries()) {
      size += entry.size;
      if (index >= maxKept || (index > 0 && size > maxKeptSize)) this.#drop(name);
    }
  }

  #start(name: string, traceId: string, left: TraceSource, right: TraceSource): Kept {
    this.#lastKey += 1;
    const entry: Kept = { key: this.#lastKey, traceId, ready: Promise.resolve(), size: 0, until: Infinity };
    entry.ready = this.#compare(entry, left, right);
    entry.ready.catch(() => this.#kept.get(name) === entry && this.#kept.delete(name));
    return entry;
  }

  async #compare(entry: Kept, left: TraceSource, right: TraceSource): Promise<void> {
    const nowMillis = Date.now();
    const sides = await readSides(entry.traceId, left, right);
    entry.size = sizeOf(sides.left) + sizeOf(sides.right);
    this.#trim();
    const counts = await this.#call({ method: "compare", key: entry.key, ...sides, nowMillis });
    const { late } = JSON.parse(counts ?? "{}") as { late?: number };
    if (late) entry.until = nowMillis + lateMillis;
    else if (![left, right].every(isLocal)) entry.until = nowMillis + remoteMillis;
  }

  #drop(name: string): void {
    const entry = this.#kept.get(name);
    if (entry && this.#kept.delete(name)) this.#forget(entry);
  }

  #forget({ ready, key }: Kept): void {
    // A thread that has ended has forgotten it already.
    ready.then(() => this.#thread?.ask({ method: "forget", key })).catch(() => undefined);
  }

  async #call(call: ComparisonCall): Promise<string | undefined> {
    // Started by the first call: many who run compare never look at a trace.
    this.#thread ??= startComparisonThread(() => {
      this.#thread = undefined;
      this.#kept.clear();
    }, this.#resourceLimits);
    try {
      return await this.#thread.ask(call);
    } catch (error) {
      throw isOutOfMemory(error) ? tooLarge : error;
    }
  }
}

function nameOf(traceId: string, left: TraceSource, right: TraceSource): string {
  return JSON.stringify([traceId, left.name, right.name]);
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

const tooLarge = new RequestError(
  503,
  "TRACE_TOO_LARGE",
  "There is not enough memory to compare traces of this size: start compare with more, for example with " +
    "NODE_OPTIONS=--max-old-space-size=4096 (MiB).",
);

/** Ends the thread that compares, and nothing else. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function sizeOf({ trace: { spans, errors, logs } }: ComparedSide): number {
  return spans.length + errors.length + logs.length;
}

function isLocal({ name }: TraceSource): boolean {
  return name.startsWith("local:");
}
