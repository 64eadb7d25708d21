import { fileURLToPath } from "node:url";
import type { Receiver } from "@tracebridge/receivers";
import type { TelemetryStats } from "@tracebridge/telemetry";
import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureEnv } from "../fixture-process.ts";

interface Trace {
  readonly traceId: string;
  /** Whether the span of the request and the one of its call are recorded. */
  readonly recording: readonly boolean[];
  /** What the service behind is told: its header's flag, and the members of the sampling context. */
  readonly flag: string;
  readonly dsc: ReadonlyMap<string, string>;
}

interface TracesRun {
  readonly receiver: Receiver;
  readonly traces: readonly Trace[];
  readonly stats: TelemetryStats;
}

async function runTraces(count: number, env: FixtureEnv): Promise<TracesRun> {
  const { receiver, stdout, stderr } = await runFixture(
    (to) => ({
      ...(typeof env === "function" ? env(to) : env),
      FIXTURE_TRACES: String(count),
    }),
    { fixture: fileURLToPath(new URL("many-traces.ts", import.meta.url)) },
  );
  expect(stderr).toBe("");
  const line = stdout.split("\n").find((text) => text.startsWith('{"traces"')) ?? "{}";
  const { traces, stats } = JSON.parse(line) as {
    traces: { recording: boolean[]; headers: Record<string, string> }[];
    stats: TelemetryStats;
  };
  return {
    receiver,
    stats,
    traces: traces.map(({ recording, headers }) => ({ recording, ...read(headers) })),
  };
}

function read(headers: Readonly<Record<string, string>>): Omit<Trace, "recording"> {
  const [traceId = "", , flag = ""] = headers["sentry-trace"]?.split("-") ?? [];
  const members = headers["baggage"]?.split(",").map((member) => member.split("=")) ?? [];
  return { traceId, flag, dsc: new Map(members.map(([key = "", value = ""]) => [key, value])) };
}

/** Flag, context and number of a trace say the same about it. */
function expectConsistent({ flag, dsc, traceId }: Trace, rate: number): void {
  const isSampled = flag === "1";
  expect(Number(dsc.get("sentry-sample_rand")) < rate).toBe(isSampled);
  expect(dsc.get("sentry-sampled")).toBe(String(isSampled));
  expect(dsc.get("sentry-sample_rate")).toBe(String(rate));
  expect(dsc.get("sentry-trace_id")).toBe(traceId);
}

test("with 10% for Sentry, OTLP gets 4,000 of 4,000 spans, Sentry a tenth, and the rest is reported as sample_rate", async () => {
  const { receiver, traces, stats } = await runTraces(2_000, (to) => ({
    ...toBoth(to),
    SENTRY_TRACES_SAMPLE_RATE: "0.1",
    OTEL_BSP_MAX_QUEUE_SIZE: "5000",
  }));
  const spanIds = new Set(receiver.otlp.spans.map(({ spanId }) => spanId));
  expect([receiver.otlp.spans.length, spanIds.size]).toEqual([4_000, 4_000]);
  expect(new Set(receiver.otlp.spans.map(({ flags }) => flags & 1))).toEqual(new Set([1]));

  for (const trace of traces) expectConsistent(trace, 0.1);
  const sampled = traces.filter(({ flag }) => flag === "1").map(({ traceId }) => traceId);
  // Six standard deviations either side of 200.
  expect(Math.abs(sampled.length - 200)).toBeLessThan(81);
  expect(new Set(receiver.sentry.spans.map(({ traceId }) => traceId))).toEqual(new Set(sampled));
  expect(receiver.sentry.spans).toHaveLength(2 * sampled.length);

  const left = 4_000 - 2 * sampled.length;
  expect(stats.sentry?.spans).toEqual({
    accepted: 4_000,
    delivered: 2 * sampled.length,
    dropped: { sample_rate: left },
  });
  const reported = receiver.sentry.clientReports
    .flatMap(({ discarded }) => discarded)
    .filter(({ reason, category }) => reason === "sample_rate" && category === "span");
  expect(reported.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(left);
});

test("with Sentry alone, spans of an unsampled trace are not recorded and carry the decision, children too", async () => {
  const { receiver, traces } = await runTraces(100, (to) => ({
    SENTRY_DSN: to.dsn,
    SENTRY_TRACES_SAMPLE_RATE: "0.5",
  }));
  for (const trace of traces) {
    expectConsistent(trace, 0.5);
    expect(trace.recording).toEqual(trace.flag === "1" ? [true, true] : [false, false]);
  }
  const [sampled, unsampled] = ["1", "0"].map((flag) => traces.filter((trace) => trace.flag === flag));
  // Outside of these bounds by chance: less than once in a million runs.
  expect(unsampled?.length).toBeGreaterThan(24);
  expect(sampled?.length).toBeGreaterThan(24);
  expect(receiver.sentry.spans).toHaveLength(2 * (sampled?.length ?? 0));
  expect(receiver.otlp.spans).toEqual([]);
});

test("two services that only traceparent connects take the same decision, one trace like the other", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => {
    const low = Math.imul(index + 1, 2_654_435_761) >>> 0;
    return `0af7651916cd43dd844${low.toString(16).padStart(8, "0")}11223`;
  });
  const requests = ids.map((id) => ["GET", `/${id}`, 1, [`traceparent: 00-${id}-b7ad6b7169203331-01`]]);
  const run = (service: string) =>
    runFixture(
      (to) => ({
        SENTRY_DSN: to.dsn,
        OTEL_SERVICE_NAME: service,
        SENTRY_RELEASE: `${service}@1`,
        SENTRY_TRACES_SAMPLE_RATE: "0.5",
        FIXTURE_REQUESTS: JSON.stringify(requests),
      }),
      { fixture: "requests-and-messages.ts" },
    );
  const taken = (await Promise.all([run("shop"), run("stock")])).map(
    ({ receiver }) => new Set(receiver.sentry.spans.map(({ traceId }) => traceId)),
  );
  expect(taken[0]).toEqual(taken[1]);
  expect(taken[0]?.size).toBeGreaterThan(8);
  expect(taken[0]?.size).toBeLessThan(32);
});
