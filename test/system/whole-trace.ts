import type { OtlpSpan, SentrySpan } from "@tracebridge/receivers";
import type { OrderStack } from "./order-stack.ts";
import { finishedOrderTree, otlpHandlerName } from "./expected-trees.ts";

export function otlpSpansOf(stack: OrderStack, traceId: string | undefined): OtlpSpan[] {
  return stack.receiver.otlp.spans.filter((span) => span.traceId === traceId);
}

export function sentrySpansOf(stack: OrderStack, traceId: string | undefined): SentrySpan[] {
  return stack.receiver.sentry.spans.filter((span) => span.traceId === traceId);
}

/**
 * Waits until as many spans of a finished order's trace have arrived at both back ends as it has.
 * When that takes too long it returns all the same: the comparison that follows then shows what is missing.
 */
export async function waitForWholeTrace(stack: OrderStack, traceId: string | undefined): Promise<void> {
  const count = finishedOrderTree(otlpHandlerName).split("\n").length;
  await stack.receiver
    .waitFor(
      `${count} spans of trace ${traceId} at both back ends`,
      () => otlpSpansOf(stack, traceId).length >= count && sentrySpansOf(stack, traceId).length >= count,
      10_000,
    )
    .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}
