import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test, vi } from "vitest";
import { enrichSpan } from "../../src/business-context/index.ts";

const SPANS = 1_000;

test("work that starts its successor before it ends, for ever, holds no span for ever", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  let freed = 0;
  const registry = new FinalizationRegistry(() => (freed += 1));
  const tracer = new TracerProvider({
    spanProcessors: [
      {
        onStart: (span, context) => enrichSpan(span, context, new Set()),
        onEnd: () => {},
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  }).getTracer("test");
  let last: Span | undefined;
  for (let number = 0; number < SPANS; number += 1) {
    const parent = last;
    last = tracer.startSpan("turn", {}, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
    parent?.end();
    registry.register(last, undefined);
  }
  await vi.waitFor(() => {
    collectGarbage();
    expect(freed).toBeGreaterThan(SPANS / 2);
  });
  expect(last?.isRecording()).toBe(true);
});
