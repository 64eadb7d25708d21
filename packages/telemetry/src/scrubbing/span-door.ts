import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { createSpanCopy } from "./span-copy.ts";
import type { Scrubber } from "./scrubber.ts";
import { describeThrown } from "../problems/index.ts";
import type { Reporter } from "../problems/index.ts";

export interface SpanDoorOptions {
  readonly sinks: readonly SpanProcessor[];
  readonly scrubber: Scrubber;
  /** Called with every span that starts, before the sinks see it. */
  readonly enrich: (span: Span, parentContext: Context) => void;
  readonly reportOnce: Reporter["once"];
}

/**
 * The only top-level span processor, and the one door spans leave by: a started span is enriched, an ended one is
 * copied, renamed, scrubbed and handed to every sink. An exception here would reach the application, so none leaves.
 */
export class SpanDoor implements SpanProcessor {
  readonly #options: SpanDoorOptions;
  #ended = 0;
  #failed = 0;

  constructor(options: SpanDoorOptions) {
    this.#options = options;
  }

  /** Recorded spans that have ended so far. */
  get ended(): number {
    return this.#ended;
  }

  /** Ended spans that could not be prepared, so that no sink has seen them. */
  get failed(): number {
    return this.#failed;
  }

  // The same `try` three times: a function for it would cost a closure a call, several for each span.
  onStart(span: Span, parentContext: Context): void {
    try {
      this.#options.enrich(span, parentContext);
    } catch (problem) {
      this.#report("start", problem);
    }
    for (const sink of this.#options.sinks) {
      try {
        sink.onStart(span, parentContext);
      } catch (problem) {
        this.#report("start", problem);
      }
    }
  }

  onEnd(span: ReadableSpan): void {
    this.#ended += 1;
    const prepared = this.#prepare(span);
    if (!prepared) return;
    for (const sink of this.#options.sinks) {
      try {
        sink.onEnd(prepared);
      } catch (problem) {
        this.#report("end", problem);
      }
    }
  }

  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.forceFlush()));
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.shutdown()));
  }

  /** `undefined` when the span cannot be copied. */
  #prepare(span: ReadableSpan): ReadableSpan | undefined {
    try {
      return createSpanCopy(span, this.#options.scrubber);
    } catch (problem) {
      this.#failed += 1;
      this.#report("end", problem);
      return undefined;
    }
  }

  #report(moment: "start" | "end", problem: unknown): void {
    this.#options.reportOnce(
      `processing:span ${moment}`,
      `A span could not be processed at its ${moment}: ${describeThrown(problem)}`,
    );
  }
}
