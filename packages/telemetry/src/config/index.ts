export type { BatchConfig, Config, ExporterName, LogLevel, OtlpConfig, SamplerName } from "./config.ts";
export type { ConfigProblem } from "./env-reader.ts";
export { readConfig } from "./read-config.ts";
export { variableNames } from "./variables.ts";
