import type { Trace, TraceFormat } from "@tracebridge/comparison";

/** Somewhere a trace can be read from. Opened from a fixed address; nothing in a trace or a request changes it. */
export interface TraceSource {
  /** As the user wrote it, without secrets: `local:sentry`, `jaeger:http://localhost:16686`. */
  name: string;
  /** For headings: `Sentry`, `OTLP`, `Jaeger`. */
  label: string;
  format: TraceFormat;
  /**
   * @returns undefined when the source knows nothing of the trace
   * @throws SourceError when it cannot be asked, or answers nonsense
   */
  readTrace(traceId: string): Promise<Trace | undefined>;
  /**
   * Ids of traces that have `query` as their id or as the value of an attribute, the likeliest first.
   *
   * @throws SourceError as `readTrace`
   */
  findTraceIds(query: string, limit: number): Promise<string[]>;
  /** The trace in the back end's own user interface, where that is known. */
  pageUrl?(traceId: string): string;
}

export type SourceErrorCode =
  | "SOURCE_UNKNOWN"
  | "TRACE_ID_MALFORMED"
  | "UNREACHABLE"
  | "TIMED_OUT"
  | "REDIRECTED"
  | "UNAUTHORISED"
  | "RATE_LIMITED"
  | "TOO_LARGE"
  | "ANSWER_NOT_UNDERSTOOD"
  | "FILE_UNREADABLE";

/** Why a source could not be used: names it as the user did, without its secrets, and says what to do. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
