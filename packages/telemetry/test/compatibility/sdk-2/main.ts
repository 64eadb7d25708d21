import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { runScenario } from "./scenario.ts";

await runScenario((bridge, seen) => {
  const exporter = {
    export: (spans: { name: string }[], done: (result: { code: number }) => void) => {
      seen.push(...spans.map((span) => span.name));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const provider = new NodeTracerProvider({
    sampler: bridge.sampler,
    spanProcessors: [bridge.spanProcessor, new BatchSpanProcessor(exporter)],
  });
  provider.register({ contextManager: bridge.contextManager, propagator: bridge.propagator });
  registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
  return provider;
});
