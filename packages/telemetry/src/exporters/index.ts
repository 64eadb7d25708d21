export { askOtlp } from "./ask-otlp.ts";
export { ExportFailure } from "./deadline-exporter.ts";
export { createLogSinks } from "./log-sinks.ts";
export { createSpanSinks } from "./span-sinks.ts";
