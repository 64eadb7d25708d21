import { context, trace } from "@opentelemetry/api";
import { getRunningTelemetry } from "../telemetry.ts";
import { readBusinessIds } from "./baggage-ids.ts";
import { isIdValue, REQUEST_ID, USER_ID } from "./id-values.ts";
import { stampOpenSpans } from "./open-spans.ts";
import { setSegmentId } from "./segment-ids.ts";

const ONLY_REQUEST_ID: ReadonlySet<string> = new Set([REQUEST_ID]);

/**
 * Says who the current request or message is for: `user.id` on its later spans, on the open ones, on its log records
 * and errors, here and in the services called. Only an id, never a name or an address: it must match
 * `^[A-Za-z0-9._:|-]{1,128}$`, otherwise it is left out with one warning. Never throws; does nothing when telemetry is
 * off.
 */
export function setUser(user: { readonly id: string }): void {
  const telemetry = getRunningTelemetry();
  if (!telemetry) return;
  const id = readId(user);
  if (isIdValue(USER_ID, id)) {
    writeRequestId(USER_ID, id);
    return;
  }
  const message = "setUser was given an id that does not match ^[A-Za-z0-9._:|-]{1,128}$; it is left out.";
  telemetry.reportOnce("user-id", message);
}

/** JavaScript may hand us anything, also what throws when it is read. */
function readId(user: { readonly id: unknown } | null | undefined): unknown {
  try {
    return user?.id;
  } catch {
    return undefined;
  }
}

/**
 * Gives the current request its id and returns it: the one its `X-Request-ID` header names, the one that came with
 * its trace, or a new one.
 */
export function startRequest(header: unknown): string {
  const forwarded = readBusinessIds(context.active(), ONLY_REQUEST_ID)[REQUEST_ID];
  const id = isIdValue(REQUEST_ID, header) ? header : (forwarded ?? crypto.randomUUID());
  writeRequestId(REQUEST_ID, id);
  return id;
}

function writeRequestId(key: string, value: string): void {
  setSegmentId(context.active(), key, value);
  stampOpenSpans(trace.getActiveSpan(), { [key]: value });
}
