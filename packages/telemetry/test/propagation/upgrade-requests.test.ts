import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import {
  ROOT_CONTEXT,
  defaultTextMapGetter,
  isSpanContextValid,
  propagation,
  trace,
} from "@opentelemetry/api";
import { expect, onTestFinished, test } from "vitest";
import { InboundRule, TracePropagator } from "../../src/propagation/index.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const formats = { tracecontext: true, baggage: true, sentry: true };

/** The headers of a request for a WebSocket, as the server's `upgrade` event has them. */
async function receiveUpgrade(): Promise<IncomingMessage["headers"]> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(
    "GET /socket HTTP/1.1\r\nHost: edge\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      `traceparent: 00-${TRACE}-b7ad6b7169203331-01\r\nbaggage: tenant=acme\r\n\r\n`,
  );
  const [request] = (await once(server, "upgrade")) as [IncomingMessage];
  request.socket.destroy();
  return request.headers;
}

test("an upgrade request, which no instrumentation sees, is trusted no more than any other", async () => {
  const headers = await receiveUpgrade();
  const follow = (trust: "ids" | "none") => new InboundRule(trust, new Set());
  const extract = (inbound?: InboundRule) =>
    new TracePropagator({ formats, ...(inbound && { inbound }) }).extract(
      ROOT_CONTEXT,
      headers,
      defaultTextMapGetter,
    );
  const [trusting, careful, closed] = [extract(), extract(follow("ids")), extract(follow("none"))];
  expect(trace.getSpanContext(trusting)).toMatchObject({ traceId: TRACE, traceFlags: 1 });
  expect(propagation.getBaggage(trusting)?.getEntry("tenant")?.value).toBe("acme");
  expect(trace.getSpanContext(careful)).toMatchObject({ traceId: TRACE, traceFlags: 0 });
  const joined = trace.getSpanContext(closed);
  expect(joined && isSpanContextValid(joined)).toBe(false);
  for (const context of [careful, closed]) expect(propagation.getBaggage(context)).toBeUndefined();
});
