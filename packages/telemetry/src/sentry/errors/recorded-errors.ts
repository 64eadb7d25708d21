import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { ContextScopes } from "../scopes/segment-scopes.ts";

/** An exception that a span recorded and nobody has captured yet. */
export interface RecordedError {
  readonly attributes: Attributes;
  readonly span: ReadableSpan;
  readonly scopes: ContextScopes;
  readonly businessIds: Readonly<Record<string, string>>;
}

const MAX_ERRORS = 100;

/**
 * The errors of one segment, so that each becomes one issue however many spans record it and whether or not the
 * application captures it too. Recorded ones wait for the end of the segment: a capture knows more (tags, level).
 */
export class RecordedErrors {
  readonly #captured = new Set<string>();
  readonly #waiting = new Map<string, RecordedError>();

  isCaptured(key: string): boolean {
    return this.#captured.has(key);
  }

  markCaptured(key: string): void {
    this.#waiting.delete(key);
    if (this.#captured.size < MAX_ERRORS) this.#captured.add(key);
  }

  add(key: string, error: RecordedError): void {
    if (this.#captured.has(key) || this.#waiting.has(key) || this.#waiting.size >= MAX_ERRORS) return;
    this.#waiting.set(key, error);
  }

  /** The one of `key`, for somebody who captures the same error; it counts as captured from now on. */
  takeOne(key: string): RecordedError | undefined {
    const error = this.#waiting.get(key);
    if (error) this.markCaptured(key);
    return error;
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** What nobody captured; it counts as captured from now on. */
  take(): RecordedError[] {
    const errors = [...this.#waiting.values()];
    for (const key of this.#waiting.keys()) this.markCaptured(key);
    return errors;
  }
}
