import type { Receiver } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import {
  JSON_TYPE,
  openPageHost,
  SPANS,
  TUNNEL,
  writeError,
  writeSpans,
} from "../browser-host/open-page-host.ts";
import { toBoth, toOtlp } from "../fixture-process.ts";

const toSentry = (to: Receiver): Record<string, string> => ({ SENTRY_DSN: to.dsn });
const spansAndErrors = { spans: true, errors: true };
const errorsAlone = { spans: false, errors: true };

interface Case {
  readonly env: Readonly<Record<string, string>>;
  /** Where the service itself sends. */
  readonly service: (to: Receiver) => Record<string, string>;
  readonly sentry: { readonly spans: boolean; readonly errors: boolean } | undefined;
  readonly otlp: boolean;
}

test.each<Case>([
  { env: {}, service: toBoth, sentry: spansAndErrors, otlp: true },
  { env: {}, service: toOtlp, sentry: undefined, otlp: true },
  { env: {}, service: toSentry, sentry: spansAndErrors, otlp: false },
  { env: { OTEL_TRACES_EXPORTER: "otlp" }, service: toBoth, sentry: errorsAlone, otlp: true },
  { env: { OTEL_TRACES_EXPORTER: "none" }, service: toBoth, sentry: errorsAlone, otlp: false },
  { env: { TRACEBRIDGE_BROWSER_EXPORTER: "sentry" }, service: toBoth, sentry: spansAndErrors, otlp: false },
  { env: { TRACEBRIDGE_BROWSER_EXPORTER: "otlp" }, service: toBoth, sentry: errorsAlone, otlp: true },
  {
    env: { TRACEBRIDGE_BROWSER_EXPORTER: "otlp,sentry" },
    service: toBoth,
    sentry: spansAndErrors,
    otlp: true,
  },
  { env: { TRACEBRIDGE_BROWSER_EXPORTER: "none" }, service: toBoth, sentry: undefined, otlp: false },
  {
    env: { TRACEBRIDGE_BROWSER_EXPORTER: "otlp", TRACEBRIDGE_ERRORS: "off" },
    service: toBoth,
    sentry: undefined,
    otlp: true,
  },
  {
    env: { TRACEBRIDGE_BROWSER_EXPORTER: "console", OTEL_LOG_LEVEL: "error" },
    service: toOtlp,
    sentry: undefined,
    otlp: false,
  },
])("with $env and a service that sends by $service.name, what pages send arrives there", async (expected) => {
  const host = await openPageHost({ env: (to) => ({ ...expected.service(to), ...expected.env }) });
  const { config } = await host.open();
  const { spans, errors } = config?.sentry ?? {};
  expect(config?.sentry && { spans, errors }).toEqual(expected.sentry);
  expect(config?.otlp?.url).toBe(expected.otlp ? SPANS : undefined);
  expect(config?.console).toBe(expected.env["TRACEBRIDGE_BROWSER_EXPORTER"] === "console" ? true : undefined);
  const envelope = await host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }));
  expect(envelope.status).toBe(expected.sentry ? 200 : 404);
  expect(host.receiver.sentry.events).toHaveLength(expected.sentry ? 1 : 0);
  expect((await host.post(SPANS, writeSpans(), JSON_TYPE)).status).toBe(expected.otlp ? 200 : 404);
  const arrived = host.receiver.otlp.spans.filter(({ service }) => service === "page");
  expect(arrived).toHaveLength(expected.otlp ? 1 : 0);
});

test.each([
  ["sentry", "needs TRACEBRIDGE_BROWSER_DSN or SENTRY_DSN"],
  ["none,otlp", '"none" excludes the others'],
  ["zipkin", "unknown"],
])("TRACEBRIDGE_BROWSER_EXPORTER=%s without a DSN is told once", async (value, fault) => {
  const host = await openPageHost({ env: (to) => ({ ...toOtlp(to), TRACEBRIDGE_BROWSER_EXPORTER: value }) });
  const { config } = await host.open();
  expect([config?.sentry, config?.otlp?.url]).toEqual([undefined, value === "sentry" ? undefined : SPANS]);
  await host.end();
  expect(host.warnings).toEqual([expect.stringContaining(fault)]);
});

test.each([
  [{ SENTRY_TRACES_SAMPLE_RATE: "0.5" }, 0.5, 1],
  [{ SENTRY_ENVIRONMENT: "production" }, 0.1, 1],
  [{ OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" }, 1, 0.25],
  [{ OTEL_TRACES_SAMPLER: "always_off" }, 1, 0],
])("pages sample as the service does: %o", async (env, sentry, otlp) => {
  const host = await openPageHost({ env: (to) => ({ ...toBoth(to), ...env }) });
  const { config } = await host.open();
  expect([config?.sentry?.tracesSampleRate, config?.otlp?.sampleRate]).toEqual([sentry, otlp]);
});
