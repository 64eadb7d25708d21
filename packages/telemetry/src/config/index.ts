export type { BatchConfig, BrowserConfig, Config, OtlpConfig } from "./config.ts";
export { readConfig } from "./read-config.ts";
export { variableNames } from "./variables.ts";
