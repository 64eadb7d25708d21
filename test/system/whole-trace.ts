import { findSpans, type BackEnd, type ReceivedSpan } from "@tracebridge/telemetry/testing";
import type { OrderStack } from "./order-stack.ts";
import { finishedOrderTree, otlpHandlerName } from "./expected-trees.ts";

export function spansOf(stack: OrderStack, traceId: string, backEnd: BackEnd): ReceivedSpan[] {
  return findSpans(stack.receiver, { traceId, in: backEnd });
}

/**
 * Waits until as many spans of a finished order's trace have arrived at both back ends as it has.
 * When that takes too long it returns all the same: the comparison that follows then shows what is missing.
 */
export async function waitForWholeTrace(stack: OrderStack, traceId: string): Promise<void> {
  const count = finishedOrderTree(otlpHandlerName).split("\n").length;
  await stack.receiver
    .waitFor(
      `${count} spans of trace ${traceId} at both back ends`,
      () => (["otlp", "sentry"] as const).every((at) => spansOf(stack, traceId, at).length >= count),
      10_000,
    )
    .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}
