// Sentry 11 as its documentation sets it up: it traces by itself and streams spans by default.
import { setTimeout } from "node:timers/promises";
import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });

// It holds each trace back for 5 s and then has an envelope for it. A flush makes envelopes of all that is held at once,
// and the transport drops all beyond 64: so first wait until they have gone by themselves.
const heldMillis = 5_000;

globalThis[Symbol.for("tracebridge.bench.flush")] = async (timeoutMillis) => {
  await setTimeout(heldMillis + 500);
  await Sentry.flush(timeoutMillis);
};

// For a bench that makes spans itself: this SDK does not trace through OpenTelemetry's API.
globalThis[Symbol.for("tracebridge.bench.sentry")] = Sentry;
