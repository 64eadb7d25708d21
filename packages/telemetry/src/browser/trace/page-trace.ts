import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Context, Span, SpanContext, SpanOptions, Tracer } from "@opentelemetry/api";
import type { DscSource } from "../../propagation/index.ts";
import { BridgeTraceState, readTraceState } from "../../trace-state/index.ts";
import type { PageContextManager } from "./page-context-manager.ts";

export interface PageTraceParts {
  readonly contexts: PageContextManager;
  /** Absent where no spans are made: then the server's trace is passed on as it came. */
  readonly tracer?: Tracer;
  readonly dscSource?: DscSource;
}

/** The trace of the page view that is shown: one trace for each. */
export class PageTrace {
  readonly #parts: PageTraceParts;

  constructor(parts: PageTraceParts) {
    this.#parts = parts;
  }

  /**
   * Begins a page view: `name` is its span, which continues the trace of `parent` where that has one, and is otherwise the
   * first of a new trace. `undefined` where no spans are made.
   */
  begin(name: string, options: SpanOptions, parent: Context = ROOT_CONTEXT): Span | undefined {
    const { contexts, tracer, dscSource } = this.#parts;
    contexts.eventContext = undefined;
    contexts.pageContext = parent;
    if (!tracer) return undefined;
    const span = tracer.startSpan(name, options, parent);
    contexts.pageContext = trace.setSpanContext(parent, createViewContext(span.spanContext(), dscSource));
    return span;
  }
}

/**
 * What the spans of a page view have as their parent. It counts as remote: a view lasts as long as the user stays, and
 * each of them is a segment by itself, sent when it has ended. They inherit what was decided when the view began.
 */
function createViewContext(spanContext: SpanContext, dscSource: DscSource | undefined): SpanContext {
  const { traceId, spanId, traceFlags } = spanContext;
  const state = readTraceState(spanContext);
  if (!state) return { ...spanContext, isRemote: true };
  const { sampled, sampleRate, sampleRand, frozenDsc, randomTraceId } = state.info;
  const dsc = frozenDsc ?? dscSource?.readDsc(spanContext);
  const info = {
    traceId,
    sampled,
    sampleRate,
    sampleRand,
    ...(dsc && { frozenDsc: dsc }),
    ...(randomTraceId && { randomTraceId }),
  };
  return {
    traceId,
    spanId,
    traceFlags,
    isRemote: true,
    traceState: new BridgeTraceState(info, state.entries),
  };
}
