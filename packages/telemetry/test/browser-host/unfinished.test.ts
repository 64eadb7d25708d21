import { request as startRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { openPageHost, TUNNEL, writeError } from "./open-page-host.ts";
import type { PageHost } from "./open-page-host.ts";

/** Resolves when the host has begun with a request whose body does not come. */
async function begin(host: PageHost): Promise<ClientRequest> {
  const headers = { "content-length": "10", expect: "100-continue" };
  const request = startRequest(host.url + TUNNEL, { method: "POST", headers });
  request.on("error", () => {});
  request.flushHeaders();
  await once(request, "continue");
  return request;
}

test("only so many requests are under way at once: more are asked to come back, and have room when others are cut off", async () => {
  const host = await openPageHost();
  const post = (): Promise<Response> => host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }));
  const begun = await Promise.all(Array.from({ length: 100 }, () => begin(host)));
  const refused = await post();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  for (const request of begun) request.destroy();
  await vi.waitFor(async () => expect((await post()).status).toBe(200), { timeout: 10_000 });
  expect(host.warnings).toEqual([]);
});

test("a body that does not come is given up on: 408", async () => {
  const host = await openPageHost();
  const request = await begin(host);
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(408);
  request.destroy();
});
