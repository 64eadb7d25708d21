import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

test("what telemetry sends to either back end makes no span in the other, and carries no trace header", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toBoth(to),
    OTEL_BSP_SCHEDULE_DELAY: "1",
    FIXTURE_WAIT_MILLIS: "300",
  }));
  const names = ["GET /work", "call", "step"];
  expect(receiver.otlp.spans.map(({ name }) => name).toSorted()).toEqual(names);
  expect(receiver.sentry.spans.map(({ name }) => name).toSorted()).toEqual(names);
  const requests = [
    ...receiver.sentry.envelopes.map(({ requestHeaders }) => requestHeaders),
    ...receiver.otlp.requests.map(({ headers }) => headers),
  ];
  expect(requests.length).toBeGreaterThan(2);
  for (const headers of requests) {
    for (const name of ["traceparent", "tracestate", "sentry-trace", "baggage"])
      expect(headers).not.toHaveProperty(name);
  }
});
