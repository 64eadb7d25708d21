import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

test.each(["throw", "reject"])(
  "an error that leaves withSpan and ends the process (%s) is one fatal issue in the trace of its span",
  async (scene) => {
    const { receiver, exitCode, stderr } = await runFixture(
      (to) => ({ ...toBoth(to), FIXTURE_SCENE: scene }),
      { fixture: "uncaught-in-span.ts" },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("nobody catches this");
    const [span] = receiver.sentry.spans;
    expect(receiver.otlp.spans).toMatchObject([{ spanId: span?.spanId, status: "error" }]);
    expect(receiver.sentry.events).toHaveLength(1);
    expect(receiver.sentry.events[0]).toMatchObject({
      level: "fatal",
      traceId: span?.traceId,
      spanId: span?.spanId,
      tags: { orderId: "order-1" },
      breadcrumbs: [{ message: "about to fail" }],
    });
  },
);
