import type { Context, Span } from "@opentelemetry/api";
import { readBusinessIds } from "./baggage-ids.ts";
import { rememberParent } from "./open-spans.ts";

/**
 * Writes the business ids of `parentContext` onto a span that starts. When a message is consumed only this context
 * holds the extracted baggage, the active one does not.
 */
export function enrichSpan(span: Span, parentContext: Context, keys: ReadonlySet<string>): void {
  rememberParent(span, parentContext);
  span.setAttributes(readBusinessIds(parentContext, keys));
}
