import type { SentryBridge, SentryOptions } from "./types.ts";

export function startSentry(options: SentryOptions): SentryBridge {
  throw new Error(`The Sentry bridge for ${options.serviceName} is being assembled.`);
}
