// Beside `register`: only how it is flushed. The pipeline is found by every copy of the package.
globalThis[Symbol.for("tracebridge.bench.flush")] = async (timeoutMillis) => {
  const { getTelemetry } = await import("@tracebridge/telemetry");
  await getTelemetry()?.forceFlush(timeoutMillis);
};
