import { context, propagation } from "@opentelemetry/api";
import type { Context, Tracer } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { AlwaysOnSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ReadableSpan, Sampler, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { TracePropagator } from "../../src/propagation/index.ts";
import { createSampler } from "../../src/sampling/index.ts";
import { startSentry } from "../../src/sentry/index.ts";
import type { SentryBridge, SentryOptions, SentryProblem } from "../../src/sentry/index.ts";
import { linkOtherParent } from "../../src/trace-state/index.ts";

export interface TestBridge {
  readonly receiver: Receiver;
  readonly bridge: SentryBridge;
  readonly propagator: TracePropagator;
  readonly problems: SentryProblem[];
  readonly loggers: LoggerProvider;
  tracer(scopeName?: string): Tracer;
  close(): Promise<void>;
}

export interface TestBridgeOptions {
  readonly sentry?: Partial<SentryOptions>;
  readonly receiver?: ReceiverOptions;
  /** Default: everything, as with OTEL_TRACES_SAMPLER=always_on; `false`: there is no OTLP back end. */
  readonly otlp?: Sampler | false;
}

/** A running bridge with the real OpenTelemetry SDK in front of it and a receiver behind it. */
export async function startTestBridge(options: TestBridgeOptions = {}): Promise<TestBridge> {
  const receiver = await startReceiver(options.receiver);
  const problems: SentryProblem[] = [];
  const tracesSampleRate = options.sentry?.tracesSampleRate ?? 1;
  const bridge = startSentry({
    dsn: receiver.dsn,
    serviceName: "test-service",
    environment: "test",
    release: "test@1.0.0",
    tracesSampleRate,
    readBusinessContext: readOrderId,
    businessKeys: ["orderId"],
    onProblem: (problem) => problems.push(problem),
    ...options.sentry,
  });
  context.disable();
  context.setGlobalContextManager(bridge.contextManager);
  const otlp = options.otlp === false ? undefined : (options.otlp ?? new AlwaysOnSampler());
  const provider = new TracerProvider({
    sampler: createSampler({
      ...(otlp && { otlp }),
      sentry: { tracesSampleRate, ignores: (span) => bridge.ignoresSegment(span) },
    }),
    spanProcessors: [new CopyingDoor(bridge.spanProcessor)],
  });
  const loggers = new LoggerProvider({ processors: [bridge.logProcessor] });
  const formats = { tracecontext: true, baggage: true, sentry: true };
  return {
    receiver,
    bridge,
    propagator: new TracePropagator({ formats, dsc: bridge.dscSource }),
    problems,
    loggers,
    tracer: (scopeName = "test") => provider.getTracer(scopeName),
    close: async () => {
      await bridge.shutdown(2_000);
      context.disable();
      await receiver.close();
    },
  };
}

/** Links the parent that lost and hands on a plain copy of each ended span, as the real door does. */
class CopyingDoor implements SpanProcessor {
  readonly #inner: SpanProcessor;

  constructor(inner: SpanProcessor) {
    this.#inner = inner;
  }

  onStart(span: Span, parentContext: Context): void {
    linkOtherParent(span);
    this.#inner.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    const spanContext = span.spanContext();
    this.#inner.onEnd({
      name: span.name,
      kind: span.kind,
      parentSpanContext: span.parentSpanContext,
      startTime: span.startTime,
      endTime: span.endTime,
      duration: span.duration,
      status: span.status,
      links: span.links,
      events: span.events,
      ended: span.ended,
      resource: span.resource,
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
      attributes: { ...span.attributes },
      spanContext: () => spanContext,
    });
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}

function readOrderId(from: Context): Record<string, string> {
  const orderId = propagation.getBaggage(from)?.getEntry("orderId")?.value;
  return orderId === undefined ? {} : { orderId };
}

/** Runs `fn` with an order id in the baggage. */
export function withOrderId<T>(orderId: string, fn: () => T): T {
  const baggage = propagation.createBaggage({ orderId: { value: orderId } });
  return context.with(propagation.setBaggage(context.active(), baggage), fn);
}
