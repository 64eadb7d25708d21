import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_BSP_MAX_EXPORT_BATCH_SIZE bounds one request; nothing is lost, however many requests a flush makes", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2",
    FIXTURE_REQUESTS: "60",
  }));
  const requests = receiver.otlp.requests.filter(({ path }) => path === "/v1/traces");
  expect(receiver.otlp.spans).toHaveLength(180);
  expect(requests.length).toBeGreaterThanOrEqual(90);
  expect(warnings).toEqual([]);
});

test("a batch larger than the queue is told once and the queue's size is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "64",
    OTEL_BSP_MAX_QUEUE_SIZE: "8",
  }));
  expect(warnings).toEqual([
    expect.stringMatching(
      /OTEL_BSP_MAX_EXPORT_BATCH_SIZE="64": more than OTEL_BSP_MAX_QUEUE_SIZE allows.*Using 8/,
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
