import type { SentryProblem } from "../types.ts";

/** What is told of a span, or of some, that could not be made ready. */
export function describeSpanProblem(error: unknown, moment: "start" | "end" = "end"): SentryProblem {
  const message = error instanceof Error ? error.message : String(error);
  return { code: `sentry-span:${moment}`, message: `A span could not be prepared for Sentry: ${message}` };
}
