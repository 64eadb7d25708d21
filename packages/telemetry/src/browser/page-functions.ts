import { isIdValue } from "../business-context/index.ts";
import { describeThrown } from "../problems/index.ts";
import type { BrowserTelemetry } from "./running-browser.ts";
import { getPage } from "./running-browser.ts";

/** Telemetry of this page; `undefined` when it is off. */
export function getBrowserTelemetry(): BrowserTelemetry | undefined {
  const telemetry = getPage()?.telemetry;
  if (!telemetry) return undefined;
  return {
    stats: () => telemetry.stats(),
    flush: (timeoutMillis) => telemetry.forceFlush(timeoutMillis),
    shutdown: (timeoutMillis) => telemetry.shutdown(timeoutMillis),
  };
}

/**
 * Begins a new trace, which all later spans of the page are in, until it navigates; `name` is that of its first span, by
 * default the path of the page. Never throws; does nothing when telemetry is off.
 */
export function startNewTrace(name?: string): void {
  const page = getPage();
  try {
    // As the listener of an event it would be given the event.
    page?.startNewTrace(typeof name === "string" ? name : undefined);
  } catch (problem) {
    page?.telemetry.reportOnce("processing:trace", `No new trace could begin: ${describeThrown(problem)}`);
  }
}

/**
 * Says who uses the page: `user.id` on its later spans and errors; `undefined` when nobody does any more. Only an id, never
 * a name or an address: it must match `^[A-Za-z0-9._:|-]{1,128}$`, otherwise it is left out with one warning. Never
 * throws; does nothing when telemetry is off.
 */
export function setUser(user: { readonly id: string } | undefined): void {
  const page = getPage();
  if (!page) return;
  const id = user === undefined ? undefined : readId(user);
  if (id !== undefined && !isIdValue("user.id", id)) {
    const message = "setUser was given an id that does not match ^[A-Za-z0-9._:|-]{1,128}$; it is left out.";
    page.telemetry.reportOnce("user-id", message);
    return;
  }
  page.user.id = id;
  page.sentry?.setUser(id === undefined ? undefined : { id });
}

/** JavaScript may hand us anything, also what throws when it is read; `null` is no id. */
function readId(user: { readonly id: unknown } | null): unknown {
  try {
    return user?.id ?? null;
  } catch {
    return null;
  }
}
