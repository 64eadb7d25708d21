import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { WireRequest } from "./start-wire-server.ts";
import { startProven, startWireTransport } from "./start-wire-transport.ts";

const six = ["a", "b", "c", "d", "e", "f"];

test("envelopes go one behind the other over a kept connection, before the first of them is answered", async () => {
  const { server, ledger, send, flush, bodies } = await startProven();
  server.onRequest = (request) => {
    if (request.waiting === six.length) for (const each of server.requests.slice(-six.length)) each.reply();
  };
  send(six);
  expect(await flush()).toBe(true);
  expect(bodies()).toEqual(["first", ...six]);
  expect(server.connections).toBe(1);
  expect(ledger.read("span")).toMatchObject({ delivered: 111_111, dropped: {} });
});

test("a connection that was never used has one envelope at a time", async () => {
  const { server, send, flush } = await startWireTransport({ maxConnections: 3 });
  server.onRequest = (request) => {
    if (server.requests.length === 3) for (const each of server.requests) each.reply();
    if (server.requests.length > 3) request.reply();
  };
  send(six);
  expect(await flush()).toBe(true);
  expect(server.requests.slice(0, 3).map(({ waiting }) => waiting)).toEqual([1, 1, 1]);
  expect(server.connections).toBe(3);
});

test("no more wait for their answer on one connection than are allowed", async () => {
  const { server, send, flush } = await startProven({ maxPipelined: 3 });
  server.onRequest = (request) => {
    if (request.waiting === 3) for (const each of server.requests.slice(-3)) each.reply();
  };
  send(six);
  expect(await flush()).toBe(true);
  expect(Math.max(...server.requests.map(({ waiting }) => waiting))).toBe(3);
});

test("answers belong to their envelopes in order, whatever each of them says", async () => {
  const { server, ledger, send, flush, told } = await startProven();
  const heads = ["200 OK", "429 No\r\nx-sentry-rate-limits: 60:profile:key", "500 No", "202 OK", "413 No"];
  server.onRequest = (request) => {
    if (request.waiting === 5) {
      for (const [index, each] of server.requests.slice(-5).entries()) each.reply(heads[index]);
    }
  };
  send(six.slice(0, 5));
  expect(await flush()).toBe(true);
  expect(ledger.read("span")).toMatchObject({
    delivered: 1_001,
    dropped: { rate_limited: 10, send_error: 10_100 },
  });
  expect(told).toEqual(["the answer was 500", "the answer was 413"]);
});

test("when a connection breaks in the middle, what was answered is done and the rest comes again, one at a time", async () => {
  const { server, ledger, send, flush } = await startProven();
  const answered: string[] = [];
  const answer = (request: WireRequest): void => {
    answered.push(request.body);
    request.reply();
  };
  server.onRequest = (request) => {
    if (request.connection > 1) setImmediate(() => answer(request));
    else if (request.waiting === six.length) for (const each of server.requests.slice(1, 3)) answer(each);
  };
  send(six);
  await expect.poll(() => ledger.read("span").delivered).toBe(11);
  server.requests[0]?.socket.resetAndDestroy();
  await expect.poll(() => ledger.read("span").delivered, { timeout: 15_000 }).toBe(111_111);
  expect(answered.toSorted()).toEqual(six);
  expect(ledger.read("span").dropped).toEqual({});
  const later = server.requests.filter(({ connection }) => connection > 1);
  expect(Math.max(...later.map(({ waiting }) => waiting))).toBe(1);
  expect(await flush()).toBe(true);
});

test("a server that answers one and then hangs loses none of those behind it", async () => {
  const { server, ledger, send } = await startProven({ deadlineMillis: 200 });
  server.onRequest = (request) => {
    if (request.connection > 1 || request.body === "a") request.reply();
  };
  send(six);
  await expect.poll(() => ledger.read("span").delivered, { timeout: 15_000 }).toBe(111_111);
  expect(ledger.read("span").dropped).toEqual({});
  expect(server.requests.filter(({ body }) => body === "a")).toHaveLength(1);
});

test("those behind an envelope that breaks every connection are not given up on with it", async () => {
  const { server, ledger, send } = await startProven();
  server.onRequest = (request) => {
    if (request.body === "poison") request.socket.resetAndDestroy();
    else request.reply();
  };
  send(["poison", ...six]);
  // Failures count while others get through.
  for (let others = 1; ledger.read("span").dropped["network_error"] === undefined; others += 1) {
    send(["other"], "other");
    await expect.poll(() => ledger.read("other").delivered).toBe(others);
  }
  expect(ledger.read("span")).toMatchObject({ delivered: 1_111_110, dropped: { network_error: 1 } });
});

test("nothing more is sent behind an answer that is late", async () => {
  const { server, ledger, send, flush } = await startProven({ maxConnections: 2 });
  server.onRequest = (request) => {
    if (request.body !== "late") request.reply();
  };
  send(["late"], "late");
  await expect.poll(() => server.requests.length).toBe(2);
  await wait(300);
  send(["next"]);
  await expect.poll(() => ledger.read("span").delivered).toBe(1);
  expect(server.requests.at(-1)).toMatchObject({ body: "next", connection: 2 });
  server.requests[1]?.reply();
  expect(await flush()).toBe(true);
});

test("numbers to add up are sent behind no other, and wait unharmed when that one breaks the connection", async () => {
  const { server, ledger, send } = await startProven();
  server.onRequest = (request) => {
    if (request.connection === 1) setImmediate(() => request.socket.resetAndDestroy());
    else request.reply();
  };
  send(["event"]);
  send(["report"], "internal");
  send(["session"], "session");
  await expect.poll(() => ledger.read("session").delivered, { timeout: 15_000 }).toBe(1);
  await expect.poll(() => ledger.read("span").delivered, { timeout: 15_000 }).toBe(1);
  const counts = server.requests.filter(({ body }) => body === "report" || body === "session");
  expect(counts.map(({ body }) => body).toSorted()).toEqual(["report", "session"]);
});

test("numbers to add up go over a connection that is free, or may be opened, rather than wait behind others", async () => {
  const { server, ledger, send, flush } = await startProven({ maxConnections: 2 });
  server.onRequest = (request) => {
    if (request.body !== "held") request.reply();
  };
  send(["held"], "held");
  await expect.poll(() => server.requests.length).toBe(2);
  for (const delivered of [1, 2]) {
    send(["session"], "session");
    await expect.poll(() => ledger.read("session").delivered).toBe(delivered);
  }
  expect(server.requests.slice(2).map(({ connection }) => connection)).toEqual([2, 2]);
  server.requests[1]?.reply();
  expect(await flush()).toBe(true);
});
