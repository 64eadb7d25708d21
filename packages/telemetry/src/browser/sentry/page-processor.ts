import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Breadcrumbs } from "./breadcrumbs.ts";

export interface PageProcessorParts {
  readonly inner: SpanProcessor;
  readonly breadcrumbs: Breadcrumbs;
  /** Called with the span of a page load. */
  readonly onPageLoad: (span: Span) => void;
  /** Called when a span has ended, scrubbed. */
  readonly onEnded: () => void;
}

/** What a page does with spans beside sending them. */
export class PageProcessor implements SpanProcessor {
  readonly #parts: PageProcessorParts;

  constructor(parts: PageProcessorParts) {
    this.#parts = parts;
  }

  onStart(span: Span, parentContext: Context): void {
    const { inner, breadcrumbs, onPageLoad } = this.#parts;
    inner.onStart(span, parentContext);
    breadcrumbs.spanStarted(span);
    if (span.attributes["sentry.op"] === "pageload") onPageLoad(span);
  }

  onEnd(span: ReadableSpan): void {
    const { inner, breadcrumbs, onEnded } = this.#parts;
    inner.onEnd(span);
    breadcrumbs.spanEnded(span);
    onEnded();
  }

  forceFlush(): Promise<void> {
    return this.#parts.inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#parts.inner.shutdown();
  }
}
