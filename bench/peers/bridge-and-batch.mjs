// Our two processors and nothing else: the bridge, and a batch processor whose exporter throws everything away.
import { context, propagation, trace } from "@opentelemetry/api";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { startSentryBridge } from "@tracebridge/telemetry/sentry";

const exporter = {
  export: (_spans, done) => done({ code: 0 }),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const batch = new BatchSpanProcessor({ exporter });
const { SENTRY_DSN: dsn, SENTRY_RELEASE: release } = process.env;
const bridge = startSentryBridge({ dsn, release, serviceName: "bench", tracesSampleRate: 1 });
context.setGlobalContextManager(bridge.contextManager);
propagation.setGlobalPropagator(bridge.propagator);
const spanProcessors = [bridge.spanProcessor, batch];
trace.setGlobalTracerProvider(new TracerProvider({ sampler: bridge.sampler, spanProcessors }));

globalThis[Symbol.for("tracebridge.bench.flush")] = async (timeoutMillis) => {
  await Promise.all([batch.forceFlush(), bridge.forceFlush(timeoutMillis)]);
};
