import { context } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { withSpan as withPlainSpan } from "../spans/index.ts";
import type { WithSpanOptions } from "../spans/index.ts";

/** Runs `work` with the span, and its business ids, active again: what an `await` has ended. */
export type InSpan = <R>(work: () => R) => R;

/**
 * Runs `fn` inside a new span and ends the span when `fn` has returned or its promise has settled. What `fn` throws sets
 * the span's status and is thrown on. No browser keeps the span active behind an `await`: there, `inSpan` does. What is
 * not run in it is in the trace of the page all the same.
 *
 * ```ts
 * await withSpan("handleSubmit", async (span, inSpan) => {
 *   const order = await validate(form);
 *   return inSpan(() => fetch("/order", { method: "POST", body: order }));
 * });
 * ```
 */
export function withSpan<T>(
  name: string,
  fn: (span: Span, inSpan: InSpan) => T,
  options: WithSpanOptions = {},
): T {
  const run = (span: Span): T => {
    const own = context.active();
    return fn(span, (work) => context.with(own, work));
  };
  return withPlainSpan(name, run, options);
}
