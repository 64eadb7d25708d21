import { SpanKind } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { addBreadcrumb, getBreadcrumbLogLevelFromHttpStatusCode } from "@sentry/core";

export interface PageProcessorParts {
  readonly inner: SpanProcessor;
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
    if (span.attributes["sentry.op"] === "pageload") this.#parts.onPageLoad(span);
    this.#parts.inner.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    leaveBreadcrumb(span);
    this.#parts.inner.onEnd(span);
    this.#parts.onEnded();
  }

  forceFlush(): Promise<void> {
    return this.#parts.inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#parts.inner.shutdown();
  }
}

/** Of a request, as Sentry's integration would leave one, which would have to wrap `fetch` for it. */
function leaveBreadcrumb({ kind, attributes }: ReadableSpan): void {
  const method = attributes["http.request.method"];
  if (kind !== SpanKind.CLIENT || typeof method !== "string") return;
  const status = attributes["http.response.status_code"];
  const isAnswered = typeof status === "number";
  const level = isAnswered ? getBreadcrumbLogLevelFromHttpStatusCode(status) : "error";
  const data = { method, url: attributes["url.full"], ...(isAnswered && { status_code: status }) };
  addBreadcrumb({ category: "fetch", type: "http", data, ...(level && { level }) });
}
