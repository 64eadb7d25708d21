import { getDefaultCurrentScope } from "@sentry/core";
import type { BridgeClient } from "./bridge-client.ts";
import type { SentryProblem } from "../types.ts";

/** Notices a second `Sentry.init`, which takes errors and scopes away from the bridge without a word. */
export function createReplacementCheck(
  client: BridgeClient,
  isStrategyInForce: () => boolean,
  onProblem: (problem: SentryProblem) => void,
): () => void {
  let hasReported = false;
  return () => {
    if (hasReported || (isStrategyInForce() && getDefaultCurrentScope().getClient() === client)) return;
    hasReported = true;
    onProblem({
      code: "sentry-replaced",
      message:
        "Sentry.init was called after telemetry had started: errors lose their trace and scopes leak between requests. " +
        "Remove the call; the DSN and the other settings come from the SENTRY_* variables.",
    });
  };
}
