import { context, propagation, trace } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { runScenario } from "./scenario.ts";

await runScenario((bridge, seen) => {
  const exporter = {
    export: (spans: { name: string }[], done: (result: { code: number }) => void) => {
      seen.push(...spans.map((span) => span.name));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const provider = new TracerProvider({
    sampler: bridge.sampler,
    spanProcessors: [bridge.spanProcessor, new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(bridge.contextManager);
  propagation.setGlobalPropagator(bridge.propagator);
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
  return provider;
});
