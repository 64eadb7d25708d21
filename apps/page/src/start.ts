import { startBrowserTelemetry } from "@tracebridge/telemetry/browser";
import { createResetClient } from "./users/reset-client.ts";
import { onResetLink, takeResetToken } from "./users/reset-link.ts";
import { ResetSession } from "./users/reset-session.ts";

// The token of a reset link is out of the address before telemetry, which notes addresses, looks at it.
export const resets = new ResetSession(createResetClient(), takeResetToken());
onResetLink((token) => resets.followLink(token));

startBrowserTelemetry();
