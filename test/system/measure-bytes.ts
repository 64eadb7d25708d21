/**
 * Measures what one order's telemetry weighs, for docs/production.md: runs the order stack, posts orders, ten at a time,
 * and counts what reaches the back ends' place, as it was sent, unpacked and with gzip.
 *
 *     npm run measure:bytes -- [orders]
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { readOtlpTraces } from "../../packages/receivers/src/otlp/read-otlp.ts";
import { readSentryEnvelope } from "../../packages/receivers/src/sentry/read-envelope.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder } from "./orders.ts";

interface Weight {
  requests: number;
  spans: number;
  sentBytes: number;
  unpackedBytes: number;
  gzipBytes: number;
}

const spansOfOrder = 23;
const atOnce = 10;
const patienceMillis = 120_000;
const orders = Number(process.argv[2] ?? 200);
if (!(orders > 0)) {
  process.stderr.write("npm run measure:bytes -- [orders, 200 when not given]\n");
  process.exit(2);
}
const weights = new Map<string, Weight>();

const server = createServer((request, response) => void receive(request, response));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
const stack = await startOrderStack({
  env: {
    SENTRY_DSN: `http://public@${address}/1`,
    SENTRY_TRACES_SAMPLE_RATE: "1",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
    OTEL_BSP_SCHEDULE_DELAY: undefined,
    OTEL_BLRP_SCHEDULE_DELAY: undefined,
    OTEL_RESOURCE_ATTRIBUTES:
      "service.version=1.2.3,deployment.environment.name=production,k8s.pod.name=web-6d5f9c8b7d-abcde,k8s.node.name=node-1",
  },
});
try {
  await postOrders(stack);
  // Asking for the status would make spans of its own: what is waited for is what arrives.
  const deadline = Date.now() + patienceMillis;
  while (countSpans() < spansOfOrder * orders && Date.now() < deadline) await sleep(200);
} finally {
  await stack.stop();
  server.close();
}
console.log(`${orders} orders, bytes of one order:`);
console.table(Object.fromEntries([...weights].map(([kind, weight]) => [kind, divide(weight)])));

async function postOrders(target: OrderStack): Promise<void> {
  for (let posted = 0; posted < orders; posted += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, orders - posted) }, () => randomUUID());
    await Promise.all(batch.map((id) => postOrder(target, { id })));
  }
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  weigh(request, Buffer.concat((await request.toArray()) as Buffer[]));
  const isOtlp = request.url?.startsWith("/v1/") === true;
  const contentType = isOtlp ? "application/x-protobuf" : "application/json";
  response.writeHead(200, { "content-type": contentType }).end(isOtlp ? "" : "{}");
}

function weigh(request: IncomingMessage, body: Buffer): void {
  const unpacked = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  const { kind, spans } = describe(request, unpacked);
  const weight = weights.get(kind) ?? { requests: 0, spans: 0, sentBytes: 0, unpackedBytes: 0, gzipBytes: 0 };
  weights.set(kind, {
    requests: weight.requests + 1,
    spans: weight.spans + spans,
    sentBytes: weight.sentBytes + body.length,
    unpackedBytes: weight.unpackedBytes + unpacked.length,
    gzipBytes: weight.gzipBytes + gzipSync(unpacked).length,
  });
}

function describe(request: IncomingMessage, body: Buffer): { kind: string; spans: number } {
  const path = request.url?.split("?")[0] ?? "";
  if (path === "/v1/traces") {
    return { kind: "OTLP spans", spans: readOtlpTraces(body, request.headers["content-type"] ?? "").length };
  }
  if (path === "/v1/logs") return { kind: "OTLP logs", spans: 0 };
  const { spans, logs } = readSentryEnvelope(body);
  const kind = spans.length > 0 ? "Sentry spans" : logs.length > 0 ? "Sentry logs" : "Sentry, the rest";
  return { kind, spans: spans.length };
}

function countSpans(): number {
  return weights.get("OTLP spans")?.spans ?? 0;
}

function divide(weight: Weight): Record<string, number> {
  return Object.fromEntries(
    Object.entries(weight).map(([key, value]: [string, number]) => [
      key,
      Math.round((value / orders) * 10) / 10,
    ]),
  );
}
