import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { SpanScopes } from "../scopes/span-scopes.ts";

/** An exception that a span recorded and nobody has captured yet. */
export interface RecordedError {
  readonly attributes: Attributes;
  readonly span: ReadableSpan;
  readonly scopes: SpanScopes;
  readonly businessIds: Readonly<Record<string, string>>;
}

const MAX_ERRORS = 100;

/**
 * The errors of one segment, so that each becomes one issue however many spans record it and whether or not the
 * application captures it too. Recorded ones wait for the end of the segment: a capture knows more (tags, level).
 */
export class RecordedErrors {
  // Made when they are needed: nearly every segment goes well.
  #captured: Set<string> | undefined;
  #waiting: Map<string, RecordedError> | undefined;

  isCaptured(key: string): boolean {
    return this.#captured?.has(key) === true;
  }

  markCaptured(key: string): void {
    this.#waiting?.delete(key);
    this.#captured ??= new Set();
    if (this.#captured.size < MAX_ERRORS) this.#captured.add(key);
  }

  add(key: string, error: RecordedError): void {
    this.#waiting ??= new Map();
    if (this.isCaptured(key) || this.#waiting.has(key) || this.#waiting.size >= MAX_ERRORS) return;
    this.#waiting.set(key, error);
  }

  /** The one of `key`, for somebody who captures the same error; it counts as captured from now on. */
  takeOne(key: string): RecordedError | undefined {
    const error = this.#waiting?.get(key);
    if (error) this.markCaptured(key);
    return error;
  }

  get hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0;
  }

  /** What nobody captured; it counts as captured from now on. */
  take(): RecordedError[] {
    const waiting = [...(this.#waiting ?? [])];
    for (const [key] of waiting) this.markCaptured(key);
    return waiting.map(([, error]) => error);
  }
}
