// Sentry 10 with its span processor in an OpenTelemetry provider. The option asks for it: without it the newest 10.x
// traces by itself, as 11 does.
import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";
import * as Sentry from "@sentry/node";

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  tracesSampleRate: 1,
  openTelemetryBasicTracerProvider: true,
  // Its own knows amqplib before 2.
  openTelemetryInstrumentations: [new AmqplibInstrumentation()],
});

globalThis[Symbol.for("tracebridge.bench.flush")] = (timeoutMillis) => Sentry.flush(timeoutMillis);
