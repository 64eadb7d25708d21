import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";
import { startRecordingServer } from "../sampling/recording-server.ts";

/** The spans that arrive, each below its parent, and whom of its callers a service further on takes for its parent. */
async function readOutcome(preload: string) {
  const downstream = await startRecordingServer();
  const { receiver, stderr } = await runFixture(
    (to) => ({ SENTRY_DSN: to.dsn, DOWNSTREAM_URL: downstream.url }),
    { fixture: "calls-around-routes.ts", preload },
  );
  downstream.close();
  expect(stderr).toBe("");
  const { spans } = receiver.sentry;
  const nameOf = (spanId: string | undefined) => spans.find((span) => span.spanId === spanId)?.name;
  const tree = spans
    .toSorted((a, b) => a.startTimestamp - b.startTimestamp)
    .map(({ name, parentSpanId }) => [name, nameOf(parentSpanId)]);
  const calls = Object.entries(downstream.headers).map(([path, headers]) => {
    const [, spanId, sampled] = String(headers["sentry-trace"]).split("-");
    const dsc = /sentry-sampled=(\w+)/.exec(String(headers["baggage"]))?.[1];
    return { path, parent: nameOf(spanId), sampled, dsc };
  });
  return { tree, calls };
}

test("ignoreSpans does what it does in Sentry's own SDK: the same spans, parents and headers", async () => {
  const ours = await readOutcome("start-ignoring.ts");
  expect(ours).toEqual({
    tree: [
      ["GET /users/:id", undefined],
      ["GET 127.0.0.1", "GET /users/:id"],
      ["GET 127.0.0.1", "GET /users/:id"],
    ],
    calls: [
      { path: "/express before", parent: "GET 127.0.0.1", sampled: "1", dsc: "true" },
      { path: "/express in", parent: "GET 127.0.0.1", sampled: "1", dsc: "true" },
      { path: "/fastify before", parent: undefined, sampled: "0", dsc: "false" },
      { path: "/fastify in", parent: undefined, sampled: "0", dsc: "false" },
    ],
  });
  expect(await readOutcome("start-native-ignoring.ts")).toEqual(ours);
});
