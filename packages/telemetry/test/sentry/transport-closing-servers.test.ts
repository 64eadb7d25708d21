import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createEvent, LONG_PAUSES, startTestTransport } from "./start-test-transport.ts";
import { startProven, startWireTransport } from "./start-wire-transport.ts";

// With these pauses, an outage would last longer than any test.
const patience = { backOff: LONG_PAUSES };
const six = ["a", "b", "c", "d", "e", "f"];

test("a batch on a kept connection that the server has given up goes over a new one at once", async () => {
  const { server, ledger, send, told } = await startProven(patience);
  server.onRequest = (request) => {
    if (request.connection === 1) request.socket.resetAndDestroy();
    else request.reply();
  };
  send(six);
  await expect.poll(() => ledger.read("span").delivered).toBe(111_111);
  expect(ledger.read("span").dropped).toEqual({});
  expect(told).toEqual([]);
});

test.each([
  ["says so", "200 OK\r\nconnection: close"],
  ["speaks HTTP/1.0", "HTTP/1.0 200 OK"],
])(
  "a server that closes after each answer and %s gets every envelope once, and is not down",
  async (_, head) => {
    const { server, ledger, send, bodies, told } = await startWireTransport({
      ...patience,
      maxConnections: 2,
    });
    server.onRequest = (request) => {
      request.reply(head);
      request.socket.end();
    };
    send(six);
    await expect.poll(() => ledger.read("span").delivered).toBe(111_111);
    expect(bodies().toSorted()).toEqual(six);
    expect(server.requests.every(({ number }) => number === 1)).toBe(true);
    expect(ledger.read("span").dropped).toEqual({});
    expect(told).toEqual([]);
  },
);

test("what was sent behind a last answer was not read by the server, and goes over the next connection at once", async () => {
  const { server, ledger, send, told } = await startProven(patience);
  const answered: string[] = [];
  server.onRequest = (request) => {
    if (request.number > 3) return;
    answered.push(request.body);
    request.reply(request.number === 3 ? "200 OK\r\nconnection: close" : "200 OK");
    if (request.number === 3) request.socket.end();
  };
  send(six);
  await expect.poll(() => ledger.read("span").delivered).toBe(111_111);
  expect(answered.toSorted()).toEqual(six);
  expect(ledger.read("span").dropped).toEqual({});
  expect(told).toEqual([]);
});

test("a server that never ends the TLS handshake is let go at the deadline", async () => {
  const closed: boolean[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {}).on("close", () => closed.push(true));
    socket.resume();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const sent = await startTestTransport(undefined, {
    url: `https://127.0.0.1:${port}/`,
    limits: { ...patience, deadlineMillis: 100 },
  });
  void sent.send(createEvent());
  await expect.poll(() => closed).toEqual([true]);
  sent.closeAndExpectBalance();
  expect(sent.ledger.read("error").dropped).toEqual({ network_error: 1 });
});
