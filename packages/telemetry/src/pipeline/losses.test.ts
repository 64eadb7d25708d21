import { expect, test } from "vitest";
import { describeDeliveries, describeLosses } from "./losses.ts";

const complete = { accepted: 2, delivered: 2, dropped: {} };
const sentry = {
  spans: complete,
  logs: complete,
  errors: complete,
  sessions: complete,
  spanEvents: complete,
  queue: { envelopes: 0, bytes: 0 },
};

test("nothing lost is nothing to say, and what the sample rate left out is no loss", () => {
  const sampledOut = { accepted: 5, delivered: 1, dropped: { sample_rate: 3, ignored: 1 } };
  const stats = {
    unaccounted: 0,
    spans: { ended: 5, failed: 0, sinks: { otlp: complete } },
    logs: { emitted: 2, failed: 0, sinks: {} },
    sentry: { ...sentry, spans: sampledOut },
  };
  expect(describeLosses(stats)).toBeUndefined();
});

test("each loss is told with its back end and its reasons, and one without a reason as it is", () => {
  const stats = {
    unaccounted: 0,
    spans: { ended: 3, failed: 0, sinks: { otlp: { accepted: 3, delivered: 1, dropped: { timeout: 2 } } } },
    logs: { emitted: 3, failed: 0, sinks: { otlp: { accepted: 3, delivered: 0, dropped: {} } } },
    sentry: {
      ...sentry,
      spans: { accepted: 9, delivered: 4, dropped: { sample_rate: 2, network_error: 2, queue_overflow: 1 } },
      errors: { accepted: 1, delivered: 0, dropped: { rate_limited: 1 } },
    },
  };
  expect(describeLosses(stats)).toBe(
    "Not delivered until the end: 2 of 3 spans for otlp (timeout 2); 3 of 3 log records for otlp; " +
      "3 of 9 spans for sentry (network_error 2, queue_overflow 1); 1 of 1 errors for sentry (rate_limited 1).",
  );
});

test("what was delivered is told with the number of items whose fate is unknown", () => {
  const stats = {
    unaccounted: 0,
    spans: { ended: 2, failed: 0, sinks: { otlp: { accepted: 2, delivered: 1, dropped: { timeout: 1 } } } },
    logs: { emitted: 0, failed: 0, sinks: { otlp: { accepted: 0, delivered: 0, dropped: {} } } },
  };
  expect(describeDeliveries(stats)).toBe("Delivered 1 of 2 spans to otlp; unaccounted: 0.");
  expect(describeDeliveries({ ...stats, spans: { ended: 0, failed: 0, sinks: {} } })).toBeUndefined();
});
