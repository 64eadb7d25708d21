import { SpanStatusCode } from "@opentelemetry/api";
import { withSpan, type InSpan } from "@tracebridge/telemetry/browser";
import type { Answer } from "../web-api/call.ts";

/**
 * Sends what a form has, inside a span that ends with the answer and fails with its problem.
 *
 * @param send gets what runs later calls inside the span, behind an `await`
 */
export function withSubmitSpan<T>(send: (inSpan: InSpan) => Promise<Answer<T>>): Promise<Answer<T>> {
  return withSpan("handleSubmit", async (span, inSpan) => {
    const answer = await send(inSpan);
    if (!answer.ok) {
      const { kind, title } = answer.problem;
      span.setAttribute("error.type", kind).setStatus({ code: SpanStatusCode.ERROR, message: title });
    }
    return answer;
  });
}
