import { SeverityNumber } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { startReceiver } from "@tracebridge/receivers";
import { startSentryBridge } from "@tracebridge/telemetry/sentry";
import { expect, test, vi } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

test("parts of the bridge that the application forgot are told once each, and logs arrive without them", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => lines.push(line));
  const receiver = await startReceiver();
  const options = { dsn: receiver.dsn, serviceName: "forgetful" };
  const bridge = startSentryBridge(options);
  expect(startSentryBridge(options)).toBe(bridge);

  const provider = new TracerProvider({ spanProcessors: [bridge.spanProcessor] });
  provider.getTracer("app").startSpan("first").end();
  provider.getTracer("app").startSpan("second").end();
  const loggers = new LoggerProvider({ processors: [bridge.logProcessor] });
  const record = { body: "made", severityNumber: SeverityNumber.INFO, attributes: { password: "hunter2" } };
  loggers.getLogger("app").emit(record);
  await provider.shutdown();
  await receiver.close();

  const forgotten = lines.filter((line) => line.includes("startSentryBridge"));
  expect(forgotten).toEqual([
    expect.stringContaining("without the `sampler` of startSentryBridge"),
    expect.stringContaining("The `contextManager` of startSentryBridge is not the one in force"),
    expect.stringContaining("The `propagator` of startSentryBridge is not registered"),
  ]);
  expect(receiver.sentry.spans).toEqual([]);
  expect(receiver.sentry.logs).toMatchObject([{ body: "made", attributes: { password: "[Filtered]" } }]);
  // Both are counted as dropped, with the reason.
  expect(bridge.stats().sentry?.spans).toMatchObject({ accepted: 2, dropped: { internal_sdk_error: 2 } });
});

test("the bridge beside register is told, with the fix", async () => {
  const { exitCode, warnings } = await runFixture(toBoth, { fixture: "bridge-beside-register.ts" });
  expect(exitCode).toBe(0);
  expect(warnings).toEqual([
    expect.stringMatching(/Telemetry runs already, .* Remove one\. \(started-twice\)$/),
  ]);
});
