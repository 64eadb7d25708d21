import { trace } from "@opentelemetry/api";
import { describeThrown } from "../problems/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";
import { flatten } from "./flatten.ts";
import type { Breadcrumb } from "./options.ts";

/**
 * Leaves a note that goes with later errors of the same request or message; on the active span it is an event named
 * `breadcrumb`. Never throws.
 */
export function addBreadcrumb(crumb: Breadcrumb): void {
  const telemetry = getRunningTelemetry();
  if (!telemetry) return;
  try {
    const { message, category, level = "info", data } = crumb;
    const note = { message, ...(category !== undefined && { category }), level, ...(data && { data }) };
    trace.getActiveSpan()?.addEvent("breadcrumb", flatten("breadcrumb.", note));
    telemetry.addBreadcrumb(crumb);
  } catch (problem) {
    telemetry.reportOnce(
      "capture:breadcrumb",
      `A breadcrumb could not be recorded: ${describeThrown(problem)}`,
    );
  }
}
