export type {
  BatchConfig,
  BrowserConfig,
  Config,
  LogLimitsConfig,
  OtlpConfig,
  SpanLimitsConfig,
} from "./config.ts";
export { readConfig } from "./read-config.ts";
export { variableNames } from "./variables.ts";
