import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import type { SinkStats } from "@tracebridge/telemetry";
import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

interface Scene {
  readonly name: string;
  readonly env?: Record<string, string> | ((receiver: Receiver) => Record<string, string>);
  readonly respond?: ReceiverOptions["respond"];
  /** Why spans are dropped, beside by the shutdown. */
  readonly sentry?: readonly string[];
  readonly otlp?: readonly string[];
}

const isSentry = (path: string): boolean => path.includes("/envelope");
const forSentry =
  (response: ReturnType<NonNullable<ReceiverOptions["respond"]>>): ReceiverOptions["respond"] =>
  ({ path }) =>
    isSentry(path) ? response : undefined;
const forOtlp =
  (response: ReturnType<NonNullable<ReceiverOptions["respond"]>>): ReceiverOptions["respond"] =>
  ({ path }) =>
    isSentry(path) ? undefined : response;

const SCENES: Scene[] = [
  { name: "both back ends take everything" },
  { name: "Sentry gets a share", env: { SENTRY_TRACES_SAMPLE_RATE: "0.3" }, sentry: ["sample_rate"] },
  {
    name: "OTLP gets a share",
    env: { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.3" },
    otlp: ["sample_rate"],
  },
  { name: "Sentry refuses", respond: forSentry({ status: 400 }), sentry: ["send_error"] },
  {
    name: "Sentry limits the rate",
    respond: forSentry({ status: 429, headers: { "x-sentry-rate-limits": "60:span:organization" } }),
    sentry: ["rate_limited", "ratelimit_backoff"],
  },
  {
    name: "Sentry hangs",
    env: { FIXTURE_SHUTDOWN_MILLIS: "2500" },
    respond: forSentry({ status: 200, delayMillis: Infinity }),
    sentry: [],
  },
  { name: "the collector refuses", respond: forOtlp({ status: 400 }), otlp: ["send_error"] },
  {
    name: "the collector hangs",
    env: { OTEL_EXPORTER_OTLP_TIMEOUT: "300" },
    respond: forOtlp({ status: 200, delayMillis: Infinity }),
    otlp: ["timeout"],
  },
  {
    name: "the queue for the collector is short",
    env: { OTEL_BSP_MAX_QUEUE_SIZE: "8", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "4" },
    otlp: ["queue_overflow"],
  },
  {
    name: "some transactions are ignored",
    env: { TRACEBRIDGE_IGNORE_TRANSACTIONS: "root" },
    sentry: ["ignored"],
  },
];

test.each(SCENES)(
  "$name: what the application ended is what arrived or was dropped for a reason",
  async (scene) => {
    const { receiver, report } = await runFixture(
      (to) => ({ ...toBoth(to), ...(typeof scene.env === "function" ? scene.env(to) : scene.env) }),
      { fixture: "counted-spans.ts", ...(scene.respond && { receiver: { respond: scene.respond } }) },
    );
    const { ended, stats } = report as unknown as { ended: number; stats: NonNullable<typeof report.stats> };
    expect(stats.spans.ended).toBe(ended);
    expect(stats.unaccounted).toBe(0);
    check(stats.sentry?.spans, receiver.sentry.spans.length, ended, scene.sentry);
    check(stats.spans.sinks["otlp"], receiver.otlp.spans.length, ended, scene.otlp);
  },
);

function check(
  stats: SinkStats | undefined,
  arrived: number,
  ended: number,
  reasons: readonly string[] = [],
): void {
  const { shutdown = 0, ...dropped } = stats?.dropped ?? {};
  const sum = Object.values(dropped).reduce((total, count) => total + count, 0);
  expect(stats).toMatchObject({ accepted: ended, delivered: arrived });
  expect(arrived + shutdown + sum).toBe(ended);
  expect(Object.keys(dropped).toSorted()).toEqual(reasons);
  // Two ended after the shutdown; the sample rate may have left them out before.
  if (!reasons.includes("sample_rate")) expect(shutdown).toBeGreaterThanOrEqual(2);
}
