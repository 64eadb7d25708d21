import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";

/** An application that ends none of its spans must not fill the memory. */
const MAX_OPEN = 1_000;
/** Says on a span that its end is not that of what it stands for: the page went away before. */
const CUT_SHORT = "tracebridge.page_hidden";

/** Knows the spans that have not ended: a page that goes away takes with it whatever is not sent then. */
export class OpenSpans implements SpanProcessor {
  readonly #open = new Map<string, Span>();

  onStart(span: Span): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#open.delete(oldest);
    this.#open.set(span.spanContext().spanId, span);
  }

  onEnd(span: ReadableSpan): void {
    this.#open.delete(span.spanContext().spanId);
  }

  /** Ends all spans, the youngest first, as they would end by themselves. */
  endAll(): void {
    for (const span of [...this.#open.values()].toReversed()) span.setAttribute(CUT_SHORT, true).end();
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
