import type { Telemetry } from "../telemetry.ts";
import { captureError } from "../errors/index.ts";
import { startTelemetry } from "../start.ts";

const MESSAGE = "Tracebridge verification error: telemetry works";

/** Sends one error the way a service would; returns what is wrong, or nothing when Sentry has confirmed it. */
export async function sendVerificationError(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const telemetry = await startTelemetry({ env });
  if (!telemetry) return ["Telemetry is off: OTEL_SDK_DISABLED must not be true."];
  captureError(new Error(MESSAGE), { tags: { verification: "true" } });
  await telemetry.forceFlush();
  const finding = describeOutcome(telemetry);
  await telemetry.shutdown();
  return finding === undefined ? [] : [finding];
}

function describeOutcome(telemetry: Telemetry): string | undefined {
  const errors = telemetry.stats().sentry?.errors;
  if (!errors) return "There is no SENTRY_DSN, so no error can be sent. Set it.";
  if (errors.delivered > 0) return undefined;
  const reasons = Object.keys(errors.dropped).join(", ");
  const why = reasons === "" ? "no answer came in time" : `it was dropped: ${reasons}`;
  return `The verification error did not arrive, ${why}. Check TRACEBRIDGE_ERRORS, SENTRY_DSN and the network.`;
}
