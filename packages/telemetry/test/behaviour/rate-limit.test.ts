import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, onTestFinished, test } from "vitest";
import { startTestBridge } from "../sentry/start-test-bridge.ts";

test("a rate limit for spans stops spans and nothing else, and the client report says how many", async () => {
  let answers = 0;
  const limit = { status: 429, headers: { "x-sentry-rate-limits": "60:span:organization" } };
  const started = await startTestBridge({
    receiver: { respond: () => ((answers += 1) === 1 ? limit : undefined) },
  });
  onTestFinished(() => started.close());
  const endSpans = async (...names: string[]): Promise<void> => {
    for (const name of names) started.tracer().startSpan(name, {}, ROOT_CONTEXT).end();
    await started.bridge.forceFlush(5_000);
  };
  await endSpans("refused");
  await endSpans("one", "two", "three");
  started.bridge.captureError(new Error("not limited"));
  await started.bridge.shutdown(5_000);

  const { spans, events, clientReports } = started.receiver.sentry;
  expect(spans).toEqual([]);
  expect(events.map(({ exceptions }) => exceptions[0]?.value)).toEqual(["not limited"]);
  // The one that was refused, Sentry counts itself.
  expect(clientReports.flatMap(({ discarded }) => discarded)).toEqual([
    { reason: "ratelimit_backoff", category: "span", quantity: 3 },
  ]);
  expect(started.bridge.stats().spans).toEqual({
    accepted: 4,
    delivered: 0,
    dropped: { rate_limited: 1, ratelimit_backoff: 3 },
  });
});
