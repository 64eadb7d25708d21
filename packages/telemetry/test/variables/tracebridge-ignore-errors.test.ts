import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

const ERRORS = [
  "AbortError: The operation was aborted",
  "Error: ResizeObserver loop completed with undelivered notifications.",
  "ChunkLoadError: Loading chunk 17 failed",
  "Error: handleAbortError is not a function",
  "Error: out of stock",
];

async function receiveErrors(env: Record<string, string>) {
  const { receiver, warnings } = await runFixture(
    (to) => ({ SENTRY_DSN: to.dsn, FIXTURE_ERRORS: JSON.stringify(ERRORS), ...env }),
    { fixture: "errors.ts" },
  );
  const messages = receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value ?? "");
  return { messages: messages.toSorted(), warnings, receiver };
}

test("TRACEBRIDGE_IGNORE_ERRORS leaves known noise out by default, counted and without a warning", async () => {
  const { messages, warnings, receiver } = await receiveErrors({});
  expect(messages).toEqual(["handleAbortError is not a function", "out of stock"]);
  expect(warnings).toEqual([]);
  const reports = receiver.sentry.envelopes.flatMap(({ clientReports }) => clientReports);
  expect(reports.flatMap(({ discarded }) => discarded)).toContainEqual({
    reason: "event_processor",
    category: "error",
    quantity: 3,
  });
});

test("TRACEBRIDGE_IGNORE_ERRORS with a list of one's own replaces the default", async () => {
  const { messages } = await receiveErrors({ TRACEBRIDGE_IGNORE_ERRORS: '["stock","/^Error: handle/"]' });
  expect(messages).toContain("The operation was aborted");
  expect(messages).not.toContain("out of stock");
  expect(messages).not.toContain("handleAbortError is not a function");
});

test("TRACEBRIDGE_IGNORE_ERRORS=[] ignores nothing of ours", async () => {
  const { messages } = await receiveErrors({ TRACEBRIDGE_IGNORE_ERRORS: "[]" });
  expect(messages).toContain("Loading chunk 17 failed");
  expect(messages).toContain("The operation was aborted");
});

test("a malformed TRACEBRIDGE_IGNORE_ERRORS is told once and the rest is used", async () => {
  const { messages, warnings } = await receiveErrors({ TRACEBRIDGE_IGNORE_ERRORS: "stock,/(/" });
  expect(warnings).toEqual([
    expect.stringMatching(/TRACEBRIDGE_IGNORE_ERRORS.*malformed regular expression.*Using stock/),
  ]);
  expect(messages).not.toContain("out of stock");
});
