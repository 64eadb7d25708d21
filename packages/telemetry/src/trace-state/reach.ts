import { createContextKey } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";

/** What may be sent along: the trace and all baggage, the trace without anybody's ids, or nothing. */
export type Reach = "all" | "trace" | "none";

const STORED = createContextKey("tracebridge.stored-carrier");
const PAGE = createContextKey("tracebridge.page");

/** `context` for an injection into a carrier that stays with the application's own services, such as its outbox. */
export function forStorage(context: Context): Context {
  return context.setValue(STORED, true);
}

/** `context` for an injection into a page that the application serves: whoever reads it gets the trace, and no ids. */
export function forPage(context: Context): Context {
  return context.setValue(PAGE, true);
}

export function isForPage(context: Context): boolean {
  return context.getValue(PAGE) === true;
}

export function isForStorage(context: Context): boolean {
  return context.getValue(STORED) === true;
}
