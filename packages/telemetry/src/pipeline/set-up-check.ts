import { ROOT_CONTEXT, context, createContextKey, propagation } from "@opentelemetry/api";
import type { ContextManager } from "@opentelemetry/api";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Reporter } from "../problems/index.ts";
import { readSegment } from "../trace-state/index.ts";

const PROBE = createContextKey("tracebridge.set-up-check");

/**
 * Looks once, at the end of the first span, whether the application has put every part into its own SDK, and tells
 * what is missing. By then its set-up is over.
 */
export class SetUpCheck implements SpanProcessor {
  readonly #contextManager: ContextManager;
  readonly #reporter: Reporter;
  #isDone = false;

  constructor(contextManager: ContextManager, reporter: Reporter) {
    this.#contextManager = contextManager;
    this.#reporter = reporter;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#isDone) return;
    this.#isDone = true;
    for (const problem of this.#findProblems(span)) this.#reporter.once(`set-up:${problem}`, problem);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  #findProblems(span: ReadableSpan): string[] {
    return [
      readSegment(span.spanContext())
        ? ""
        : "The tracer provider was made without the `sampler` of startSentryBridge: Sentry gets no span. Give it.",
      this.#isContextManagerInForce()
        ? ""
        : "The `contextManager` of startSentryBridge is not the one in force: errors lose their trace and scopes " +
          "leak between requests. Register it with the tracer provider; if it is registered, the application has two " +
          "copies of @opentelemetry/api (see `npm ls @opentelemetry/api`).",
      propagation.fields().includes("sentry-trace")
        ? ""
        : "The `propagator` of startSentryBridge is not registered: traces end at this service. Register it.",
    ].filter(Boolean);
  }

  /** Also false when the application registered it with a copy of the API that ours does not share. */
  #isContextManagerInForce(): boolean {
    const probe = ROOT_CONTEXT.setValue(PROBE, true);
    return this.#contextManager.with(probe, () => context.active().getValue(PROBE) === true);
  }
}
