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

  onStart(span: Span, parentContext: Context): void {
    this.#guard("start", () => this.#options.enrich(span, parentContext));
    for (const sink of this.#options.sinks) this.#guard("start", () => sink.onStart(span, parentContext));
  }

  onEnd(span: ReadableSpan): void {
    this.#ended += 1;
    const prepared = this.#guard("end", () => createSpanCopy(span, this.#options.scrubber));
    if (!prepared) {
      this.#failed += 1;
      return;
    }
    for (const sink of this.#options.sinks) this.#guard("end", () => sink.onEnd(prepared));
  }

  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.forceFlush()));
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.shutdown()));
  }

  /** What `act` returned; `undefined` when it threw. */
  #guard<T>(moment: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (problem) {
      this.#options.reportOnce(
        `processing:span ${moment}`,
        `A span could not be processed at its ${moment}: ${describeThrown(problem)}`,
      );
      return undefined;
    }
  }
}
