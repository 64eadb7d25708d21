/** The names that variables of a fixed set accept: the table and the readers share them. */
export const exporterNames = ["sentry", "otlp", "console", "none"] as const;
export const propagatorNames = ["tracecontext", "baggage", "sentry", "none"] as const;
export const protocolNames = ["http/protobuf", "http/json", "grpc"] as const;
export const compressionNames = ["none", "gzip"] as const;
export const logLevelNames = ["none", "error", "warn", "info", "debug", "verbose", "all"] as const;
export const switchNames = ["on", "off"] as const;
export const trustNames = ["all", "ids", "none"] as const;
export const samplerNames = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
