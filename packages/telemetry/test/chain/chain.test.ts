import { beforeAll, describe, expect, test } from "vitest";
import { readDscHeader, readHops } from "./read-hops.ts";
import type { Dsc, Hop } from "./read-hops.ts";
import { runChain } from "./run-chain.ts";
import type { ServicePlan, ServiceRun, Transport } from "./running-service.ts";

const native: ServicePlan = { sdk: "native" };
const ours: ServicePlan = { sdk: "ours" };
/** OpenTelemetry by its defaults: it forwards what is in baggage, and not sentry-trace. */
const w3c: ServicePlan = { sdk: "w3c" };
/** Knows nothing but traceparent and tracestate. */
const bareW3c: ServicePlan = { sdk: "w3c", env: { OTEL_PROPAGATORS: "tracecontext" } };

interface Arrangement {
  readonly plans: readonly ServicePlan[];
  /** Which service is the first that Sentry knows: the sampling context is of its making. */
  readonly head: number;
  /** A hop that drops all of Sentry's headers: what comes after it makes a context of its own. */
  readonly forgetsAt?: number;
}

const arrangements: Record<string, Arrangement> = {
  "native Sentry → ours → native Sentry": { plans: [native, ours, native], head: 0 },
  "OpenTelemetry alone → ours → native Sentry": { plans: [w3c, ours, native], head: 1 },
  "native Sentry → ours → OpenTelemetry alone": { plans: [native, ours, w3c], head: 0 },
  "ours → native Sentry → ours": { plans: [ours, native, ours], head: 0 },
  "ours → OpenTelemetry alone → ours": { plans: [ours, w3c, ours], head: 0 },
  "ours → traceparent alone → ours": { plans: [ours, bareW3c, ours], head: 0, forgetsAt: 1 },
};

describe.each(Object.entries(arrangements))("%s", (_name, { plans, head, forgetsAt = Infinity }) => {
  let runs: ServiceRun[];
  beforeAll(async () => {
    runs = await runChain(plans);
  });

  test("every service ends well and has nothing to complain about", () => {
    for (const { exitCode, stderr } of runs)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  describe.each(["http", "amqp"] as const)("over %s", (transport) => {
    let hops: Hop[];
    let dsc: Dsc;
    beforeAll(() => {
      hops = readHops(runs, transport);
      dsc = hops[head]?.dscs[0] ?? {};
    });

    test("it is one trace, in which each service continues the span that called it", () => {
      const calling = hops.map(({ sentry, otlp }) => (sentry ?? otlp)?.callingSpanId);
      const expected = [undefined, ...calling.slice(0, -1)];
      expect(new Set(calling).size).toBe(hops.length);
      for (const [index, { sdk, sentry, otlp }] of hops.entries()) {
        if (sdk !== "w3c") expect(sentry).toMatchObject({ parentSpanId: expected[index] });
        if (sdk !== "native") expect(otlp).toMatchObject({ parentSpanId: expected[index] });
        if (sdk === "ours") expect(otlp).toEqual(sentry);
      }
    });

    test("every envelope carries the sampling context of the head, key by key", () => {
      const { traceId } = hops[head] as Hop;
      expect(dsc).toEqual({
        trace_id: traceId,
        public_key: "public",
        environment: `environment-${head}`,
        release: `service-${head}@1`,
        sampled: "true",
        sample_rate: "1",
        sample_rand: expect.stringMatching(/^0\.\d+$/),
        transaction: nameHead(head, transport),
      });
      const knowing = hops.filter(({ sdk }, index) => sdk !== "w3c" && index < forgetsAt);
      for (const { dscs } of knowing) expect(new Set(dscs.map(toText))).toEqual(new Set([toText(dsc)]));
    });

    test("the sampling context and the decision arrive with the headers of each service", () => {
      for (const [index, { sdk, headers }] of hops.entries()) {
        if (index <= head || index > forgetsAt) continue;
        expect(readDscHeader(headers)).toEqual(dsc);
        const before = hops[index - 1] as Hop;
        if (before.sdk !== "w3c") {
          const spanId = (before.sentry ?? before.otlp)?.callingSpanId;
          expect(headers["sentry-trace"]).toBe(`${before.traceId}-${spanId}-1`);
        }
        if (before.sdk === "ours") expect(headers["traceparent"]).toMatch(/-01$/);
        if (sdk === "ours") expect(hops[index]?.sentry?.spanCount).toBeGreaterThan(0);
      }
    });

    if (forgetsAt > plans.length) return;
    test("where the context was lost the same decision is taken anew", () => {
      const last = hops.at(-1) as Hop;
      expect(last.headers).not.toHaveProperty("sentry-trace");
      expect(last.headers).not.toHaveProperty("baggage");
      const { sample_rand, sampled, trace_id } = dsc;
      expect(last.dscs[0]).toMatchObject({ sample_rand, sampled, trace_id, release: "service-2@1" });
    });
  });
});

describe("a native Sentry head that does not sample", () => {
  const unsampled: ServicePlan = { sdk: "native", env: { SENTRY_TRACES_SAMPLE_RATE: "0" } };
  const always: ServicePlan = { sdk: "ours", env: { OTEL_TRACES_SAMPLER: "always_on" } };
  const plans = [unsampled, ours, always, ours, native];
  let runs: ServiceRun[];
  beforeAll(async () => {
    runs = await runChain(plans);
  });

  describe.each(["http", "amqp"] as const)("over %s", (transport) => {
    test("keeps the trace away from Sentry at every later service", () => {
      const hops = readHops(runs, transport);
      expect(runs.flatMap(({ receiver }) => receiver.sentry.spans)).toEqual([]);
      const contexts = hops.slice(1).map(({ headers }) => readDscHeader(headers));
      expect(contexts[0]).toMatchObject({ sampled: "false", sample_rate: "0", release: "service-0@1" });
      for (const context of contexts) expect(context).toEqual(contexts[0]);
      for (const { headers, traceId } of hops.slice(1)) {
        expect(headers["sentry-trace"]).toMatch(new RegExp(`^${traceId}-[0-9a-f]{16}-0$`));
      }
    });

    test("leaves OTLP to each service's own sampler, which traceparent informs", () => {
      const [, first, second, third] = readHops(runs, transport);
      expect(second?.headers["traceparent"]).toMatch(/-00$/);
      expect(first?.otlp).toBeUndefined();
      expect(second?.otlp?.spanCount).toBeGreaterThan(0);
      expect(third?.headers["traceparent"]).toMatch(/-01$/);
      expect(third?.otlp?.parentSpanId).toBe(second?.otlp?.callingSpanId);
    });
  });
});

function nameHead(head: number, transport: Transport): string {
  if (head === 0) return "GET /start/:transport";
  return transport === "http" ? "GET /hop" : `process hop-${head}`;
}

/** Independent of the order of keys, which the header does not promise. */
function toText(dsc: Dsc): string {
  return JSON.stringify(Object.entries(dsc).toSorted(([a], [b]) => a.localeCompare(b)));
}
