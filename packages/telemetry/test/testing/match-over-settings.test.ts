import { expect, test } from "vitest";
import type { ReceivedTrace } from "@tracebridge/telemetry/testing";
import { findTrace } from "@tracebridge/telemetry/testing";
import "../../../../test/trace-matchers.ts";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureRun } from "../fixture-process.ts";

function run(env: Record<string, string>): Promise<FixtureRun> {
  return runFixture((to) => ({ ...toBoth(to), OTEL_SERVICE_NAME: "shop", ...env }), {
    fixture: "everyday-traces.ts",
  });
}

/** Those of which spans arrived at both back ends. */
function findSharedTraces({ receiver }: FixtureRun): ReceivedTrace[] {
  const atOtlp = new Set(receiver.otlp.spans.map(({ traceId }) => traceId));
  const shared = new Set(
    receiver.sentry.spans.map(({ traceId }) => traceId).filter((traceId) => atOtlp.has(traceId)),
  );
  return [...shared].map((traceId) => findTrace(receiver, traceId));
}

test.each<[string, Record<string, string>]>([
  ["nothing but addresses", { SENTRY_TRACES_SAMPLE_RATE: "1" }],
  [
    "a described service",
    {
      SENTRY_TRACES_SAMPLE_RATE: "1",
      OTEL_RESOURCE_ATTRIBUTES:
        "service.version=1.2.3,deployment.environment.name=staging,team=shop,service.instance.id=one",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    },
  ],
  [
    "a release and an environment of Sentry's own, short values and W3C headers alone",
    {
      SENTRY_TRACES_SAMPLE_RATE: "1",
      SENTRY_RELEASE: "4f2a9c1",
      SENTRY_ENVIRONMENT: "qa",
      OTEL_RESOURCE_ATTRIBUTES: "service.version=1.2.3",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "2048",
      OTEL_PROPAGATORS: "tracecontext,baggage",
      TRACEBRIDGE_TRUST_INBOUND: "ids",
    },
  ],
])("with %s both back ends tell the same of each everyday trace", async (_name, env) => {
  const { receiver, exitCode } = await run(env);
  expect(exitCode).toBe(0);
  expect(receiver.sentry.spans.length).toBeGreaterThan(40);
  expect(receiver.sentry.spans).toHaveLength(receiver.otlp.spans.length);
  expect(receiver).toMatchAcrossBackends();
});

test("at rates below 1, traces that both back ends have match", async () => {
  const started = await run({
    SENTRY_TRACES_SAMPLE_RATE: "0.5",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.9",
  });
  const shared = findSharedTraces(started);
  expect(shared).not.toHaveLength(0);
  for (const trace of shared) expect(trace).toMatchAcrossBackends();
});
