// Sentry 11 as its documentation sets it up: it traces by itself and streams spans by default.
import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });

globalThis[Symbol.for("tracebridge.bench.flush")] = (timeoutMillis) => Sentry.flush(timeoutMillis);
// For programs that make spans themselves: through this, since it does not trace through OpenTelemetry's API.
globalThis[Symbol.for("tracebridge.bench.sentry")] = Sentry;
