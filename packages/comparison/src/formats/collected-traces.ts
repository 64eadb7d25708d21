import type { Trace, TraceError, TraceFormat, TraceLog, TraceSpan } from "../model.ts";

/** What was left out, and why; the rest was read. */
export interface Skipped {
  reason: string;
  count: number;
}

/** What a file or an answer holds. */
export interface TracesRead {
  format: TraceFormat;
  /** By trace id, in order of appearance. */
  traces: Map<string, Trace>;
  skipped: Skipped[];
}

/** Puts spans, errors and logs in order of appearance into the traces they belong to. */
export class CollectedTraces {
  readonly #format: TraceFormat;
  readonly #traces = new Map<string, Trace>();
  readonly #skipped = new Map<string, number>();

  constructor(format: TraceFormat) {
    this.#format = format;
  }

  addSpan(span: TraceSpan): void {
    this.#traceOf(span.traceId).spans.push(span);
  }

  /** `undefined`, which belongs to no trace, is counted. */
  addError(error: TraceError | undefined): void {
    if (error) this.#traceOf(error.traceId).errors.push(error);
    else this.skip("an error outside any trace");
  }

  /** `undefined`, which belongs to no trace, is counted. */
  addLog(log: TraceLog | undefined): void {
    if (log) this.#traceOf(log.traceId).logs.push(log);
    else this.skip("a log outside any trace");
  }

  /** `reason` is one of few: what it names is counted, not kept. */
  skip(reason: string, count = 1): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  finish(): TracesRead {
    const skipped = [...this.#skipped].map(([reason, count]) => ({ reason, count }));
    return { format: this.#format, traces: this.#traces, skipped };
  }

  #traceOf(traceId: string): Trace {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const trace: Trace = { traceId, format: this.#format, spans: [], errors: [], logs: [] };
    this.#traces.set(traceId, trace);
    return trace;
  }
}
