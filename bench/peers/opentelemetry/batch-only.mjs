// The least that OpenTelemetry's SDK can cost: a batch processor whose exporter throws everything away.
import { NodeSDK } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";

const exporter = {
  export: (_spans, done) => done({ code: 0 }),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const processor = new BatchSpanProcessor({ exporter });
new NodeSDK({ spanProcessors: [processor], instrumentations: [] }).start();

globalThis[Symbol.for("tracebridge.bench.flush")] = () => processor.forceFlush();
