import { expect, test } from "vitest";
import { LONG_PAUSES } from "./start-test-transport.ts";
import { startProven, startWireTransport } from "./start-wire-transport.ts";

const six = ["a", "b", "c", "d", "e", "f"];

test("a batch on a kept connection that the server has given up goes over a new one at once", async () => {
  const { server, ledger, send, flush, told } = await startProven({ backOff: LONG_PAUSES });
  server.onRequest = (request) => {
    if (request.connection === 1) request.socket.resetAndDestroy();
    else request.reply();
  };
  send(six);
  expect(await flush()).toBe(true);
  expect(ledger.read("span")).toMatchObject({ delivered: 111_111, dropped: {} });
  expect(told).toEqual([]);
});

test.each([
  ["says so", "200 OK\r\nconnection: close"],
  ["speaks HTTP/1.0", "HTTP/1.0 200 OK"],
])(
  "a server that closes after each answer and %s gets every envelope once, and is not down",
  async (_, head) => {
    const { server, ledger, send, flush, bodies, told } = await startWireTransport({
      maxConnections: 2,
      backOff: LONG_PAUSES,
    });
    server.onRequest = (request) => {
      request.reply(head);
      request.socket.end();
    };
    send(six);
    expect(await flush()).toBe(true);
    expect(bodies().toSorted()).toEqual(six);
    expect(server.requests.every(({ number }) => number === 1)).toBe(true);
    expect(ledger.read("span")).toMatchObject({ delivered: 111_111, dropped: {} });
    expect(told).toEqual([]);
  },
);

test("what was sent behind a last answer was not read by the server, and goes over the next connection at once", async () => {
  const { server, ledger, send, flush, told } = await startProven({ backOff: LONG_PAUSES });
  const answered: string[] = [];
  server.onRequest = (request) => {
    if (request.number > 3) return;
    answered.push(request.body);
    request.reply(request.number === 3 ? "200 OK\r\nconnection: close" : "200 OK");
    if (request.number === 3) request.socket.end();
  };
  send(six);
  expect(await flush()).toBe(true);
  expect(answered.toSorted()).toEqual(six);
  expect(ledger.read("span")).toMatchObject({ delivered: 111_111, dropped: {} });
  expect(told).toEqual([]);
});
