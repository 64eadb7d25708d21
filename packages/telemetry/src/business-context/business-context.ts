import { context, trace } from "@opentelemetry/api";
import { describeThrown } from "../problems/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";
import type { RunningTelemetry } from "../telemetry.ts";
import { readBusinessIds, writeBusinessIds } from "./baggage-ids.ts";
import { isIdValue, isRequestKey } from "./id-values.ts";
import { stampOpenSpans } from "./open-spans.ts";

/**
 * Runs `fn` with business ids (for example `{ orderId }`) in the baggage: every later span, log record and error, in
 * this service and in those it calls, carries them as attributes of the same name. The active span and its open
 * ancestors get them too. Keys outside `TRACEBRIDGE_BUSINESS_KEYS` and values that do not match
 * `^[A-Za-z0-9-]{1,64}$` are left out with one warning. Never throws by itself.
 */
export function withBusinessContext<T>(ids: Readonly<Record<string, string>>, fn: () => T): T {
  const telemetry = getRunningTelemetry();
  if (!telemetry) return fn();
  const accepted = acceptIds(readMembers(ids, telemetry), telemetry);
  stampOpenSpans(trace.getActiveSpan(), accepted);
  return context.with(writeBusinessIds(context.active(), accepted), fn);
}

/**
 * The ids the caller runs with: the business ids, and `requestId` and `user.id` where they are known. Empty when there
 * are none or telemetry is off.
 */
export function readBusinessContext(): Readonly<Record<string, string>> {
  const telemetry = getRunningTelemetry();
  return telemetry ? readBusinessIds(context.active(), telemetry.businessKeys) : {};
}

/** JavaScript may hand us anything, also what throws when it is read. */
function readMembers(ids: unknown, telemetry: RunningTelemetry): [key: string, value: unknown][] {
  try {
    return Object.entries(ids as Readonly<Record<string, unknown>>);
  } catch (problem) {
    const message = `withBusinessContext was given no readable ids: ${describeThrown(problem)}`;
    telemetry.reportOnce("business-context:ids", message);
    return [];
  }
}

function acceptIds(
  members: readonly [key: string, value: unknown][],
  telemetry: RunningTelemetry,
): Record<string, string> {
  const accepted: Record<string, string> = {};
  for (const [key, value] of members) {
    if (!telemetry.businessKeys.has(key)) {
      const allowed = [...telemetry.businessKeys].filter((name) => !isRequestKey(name)).join(", ");
      const message = `The business key "${key}" is not in TRACEBRIDGE_BUSINESS_KEYS (${allowed}); it is left out.`;
      telemetry.reportOnce(`business-context:key ${key}`, message);
    } else if (!isIdValue(key, value)) {
      const message = `A value of the business key "${key}" does not match ^[A-Za-z0-9-]{1,64}$; it is left out.`;
      telemetry.reportOnce(`business-context:value ${key}`, message);
    } else {
      accepted[key] = value;
    }
  }
  return accepted;
}
