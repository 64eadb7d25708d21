// Sentry's own SDK, which puts the parts of @sentry/opentelemetry in OpenTelemetry's places: what OpenTelemetry's
// functions do is done by Sentry.
import { ProxyTracerProvider, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { SentryTracerProvider } from "@sentry/opentelemetry";

Sentry.init({ dsn: process.env["SENTRY_DSN"], enableOpenTelemetrySetup: true });
const provider = trace.getTracerProvider();
const isSentrys =
  provider instanceof ProxyTracerProvider && provider.getDelegate() instanceof SentryTracerProvider;
if (!isSentrys) throw new Error("OpenTelemetry's tracer provider is not Sentry's: this would be no oracle");
process.once("beforeExit", () => void Sentry.close(5_000));
