import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";
import type { FixtureOptions } from "../fixture-process.ts";

/** The transaction that each call carried in its baggage; `undefined` where it carried none. */
async function readTransactions(options: FixtureOptions): Promise<Record<string, string | undefined>> {
  const transactions: Record<string, string | undefined> = {};
  const downstream = createServer((request, response) => {
    const baggage = decodeURIComponent(String(request.headers.baggage));
    expect(baggage).toContain("sentry-trace_id=");
    transactions[decodeURIComponent(request.url ?? "")] = /sentry-transaction=([^,]*)/.exec(baggage)?.[1];
    response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(downstream, "listening");
  const { port } = downstream.address() as AddressInfo;
  await runFixture((to) => ({ SENTRY_DSN: to.dsn, DOWNSTREAM_URL: `http://127.0.0.1:${port}` }), {
    fixture: "calls-around-routes.ts",
    ...options,
  });
  downstream.close();
  downstream.closeAllConnections();
  return transactions;
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
