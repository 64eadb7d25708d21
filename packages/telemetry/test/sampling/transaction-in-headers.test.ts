import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";
import type { FixtureOptions } from "../fixture-process.ts";
import { startRecordingServer } from "./recording-server.ts";

/** The transaction that each call carried in its baggage; `undefined` where it carried none. */
async function readTransactions(options: FixtureOptions): Promise<Record<string, string | undefined>> {
  const downstream = await startRecordingServer();
  await runFixture((to) => ({ SENTRY_DSN: to.dsn, DOWNSTREAM_URL: downstream.url }), {
    fixture: "calls-around-routes.ts",
    ...options,
  });
  downstream.close();
  return Object.fromEntries(
    Object.entries(downstream.headers).map(([path, headers]) => {
      const baggage = decodeURIComponent(String(headers["baggage"]));
      expect(baggage).toContain("sentry-trace_id=");
      return [path, /sentry-transaction=([^,]*)/.exec(baggage)?.[1]];
    }),
  );
}

test("a call carries the route of its request as the transaction as soon as it is known, and never a raw path", async () => {
  const ours = await readTransactions({});
  expect(ours).toEqual({
    "/express before": undefined,
    "/express in": "GET /users/:id",
    "/fastify before": "GET /items/:id",
    "/fastify in": "GET /items/:id",
  });
  expect(await readTransactions({ preload: "../parity/native-register.ts" })).toEqual(ours);
});
