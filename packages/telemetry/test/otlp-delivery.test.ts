import { TracerProvider } from "@opentelemetry/sdk-trace";
import { ServerCredentials } from "@grpc/grpc-js";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../src/config/index.ts";
import { createSpanSinks } from "../src/exporters/index.ts";
import { createCertificate } from "./create-certificate.ts";
import { runFixture } from "./fixture-process.ts";
import { startGrpcCollector } from "./start-grpc-collector.ts";

/** Sends `count` spans over OTLP to `endpoint`, and says what became of them. */
async function sendSpans(endpoint: string, env: Record<string, string> = {}, count = 3) {
  const problems: string[] = [];
  const { config } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env });
  const sinks = createSpanSinks(config.traces, (_, message) => problems.push(message));
  const warnings: string[] = [];
  const silent = () => {};
  const warn = (message: string) => warnings.push(message);
  diag.setLogger({ error: silent, warn, info: silent, debug: silent, verbose: silent }, DiagLogLevel.WARN);
  const provider = new TracerProvider({ spanProcessors: [...sinks] });
  for (let number = 1; number <= count; number += 1)
    provider.getTracer("test").startSpan(`span ${number}`).end();
  await provider.forceFlush();
  const [sink] = sinks;
  const stats = sink?.stats();
  await sink?.shutdown();
  await sink?.close();
  diag.disable();
  return { stats, problems, warnings };
}

async function startScripted(respond: ReceiverOptions["respond"]): Promise<Receiver> {
  const receiver = await startReceiver({ ...(respond && { respond }) });
  onTestFinished(() => receiver.close());
  return receiver;
}

const protocols = ["http/protobuf", "http/json"];

test.each([429, 502, 503, 504])("OTLP: an answer of %d is tried again after a pause", async (status) => {
  const answers = [{ status }];
  const receiver = await startScripted(() => answers.shift());
  const { stats, problems } = await sendSpans(receiver.url);
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(stats).toEqual({ accepted: 3, delivered: 3, dropped: {} });
  expect(problems).toEqual([]);
});

test("OTLP: of attempts that fail while the process ends only the next one is made, after a pause under way is cut short", async () => {
  let requests = 0;
  const receiver = await startScripted(() => {
    requests += 1;
    return { status: 503 };
  });
  const { config } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  const [sink] = createSpanSinks(config.traces, () => {});
  if (!sink) throw new Error("there is no OTLP sink");
  const provider = new TracerProvider({ spanProcessors: [sink] });
  provider.getTracer("test").startSpan("early").end();
  void sink.forceFlush();
  await expect.poll(() => requests).toBe(1);
  await sink.shutdown();
  expect(requests).toBe(2);
  expect(sink.stats()).toEqual({ accepted: 1, delivered: 0, dropped: { send_error: 1 } });
});

test.each([400, 401, 500, 501])("OTLP: an answer of %d is final", async (status) => {
  let requests = 0;
  const receiver = await startScripted(() => {
    requests += 1;
    return { status };
  });
  const { stats, problems } = await sendSpans(receiver.url);
  expect(requests).toBe(1);
  expect(stats).toEqual({ accepted: 3, delivered: 0, dropped: { send_error: 3 } });
  expect(problems).toEqual([expect.stringContaining(`the answer was ${status}`)]);
});

test.each(["2", () => new Date(Date.now() + 3_000).toUTCString()])(
  "OTLP: Retry-After is waited for, in seconds and as a date (%s)",
  async (value) => {
    const arrivals: number[] = [];
    const receiver = await startScripted(() => {
      arrivals.push(performance.now());
      const retryAfter = typeof value === "string" ? value : value();
      return arrivals.length === 1 ? { status: 503, headers: { "retry-after": retryAfter } } : undefined;
    });
    const { stats } = await sendSpans(receiver.url);
    expect(stats).toMatchObject({ delivered: 3 });
    // A date has no parts of a second; without the header the pause is 1.2 s at most.
    expect(Number(arrivals[1]) - Number(arrivals[0])).toBeGreaterThan(1_900);
  },
);

test("OTLP: a back end that asks for no pause gets the usual one", async () => {
  let requests = 0;
  const receiver = await startScripted(() => {
    requests += 1;
    return { status: 503, headers: { "retry-after": "0" } };
  });
  const { stats } = await sendSpans(receiver.url, { OTEL_EXPORTER_OTLP_TIMEOUT: "1500" });
  // The first pause is 0.8 s at least, the second 1.2 s.
  expect(requests).toBeLessThanOrEqual(2);
  expect(stats).toEqual({ accepted: 3, delivered: 0, dropped: { send_error: 3 } });
});

test.each(protocols.concat("grpc"))(
  "OTLP: where nobody listens, spans are lost to the network (%s)",
  async (protocol) => {
    const { stats } = await sendSpans("http://127.0.0.1:1", {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
    });
    expect(stats).toEqual({ accepted: 3, delivered: 0, dropped: { network_error: 3 } });
  },
);

test("OTLP: nobody waits for a Retry-After beyond the time limit", async () => {
  let requests = 0;
  const receiver = await startScripted(() => {
    requests += 1;
    return { status: 503, headers: { "retry-after": "3600" } };
  });
  const { stats } = await sendSpans(receiver.url);
  expect(requests).toBe(1);
  expect(stats).toEqual({ accepted: 3, delivered: 0, dropped: { send_error: 3 } });
});

test.each(protocols)(
  "OTLP: what the back end refuses of a batch is counted and told (%s)",
  async (protocol) => {
    const body = protocol === "http/json" ? JSON_PARTIAL_SUCCESS : PARTIAL_SUCCESS.toString("latin1");
    const receiver = await startScripted(() => ({ status: 200, body }));
    const { stats, warnings } = await sendSpans(receiver.url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    expect(stats).toEqual({ accepted: 3, delivered: 1, dropped: { rejected: 2 } });
    expect(warnings).toEqual(["The OTLP back end did not take everything: too old"]);
  },
);

test.each(["OK", "null", '{"partialSuccess":null}'])("OTLP: an answer of %j is a success", async (body) => {
  for (const protocol of protocols) {
    const receiver = await startScripted(() => ({ status: 200, body }));
    const { stats, problems } = await sendSpans(receiver.url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    expect(stats).toEqual({ accepted: 3, delivered: 3, dropped: {} });
    expect(problems).toEqual([]);
  }
});

test("OTLP over gRPC: UNAVAILABLE is tried again, PERMISSION_DENIED is final", async () => {
  const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
  const answers = [{ code: 14 }];
  const collector = await startGrpcCollector({ respond: () => answers.shift() });
  const { stats, problems } = await sendSpans(`http://127.0.0.1:${collector.port}`, grpc);
  expect(collector.spans).toHaveLength(3);
  expect(stats).toEqual({ accepted: 3, delivered: 3, dropped: {} });
  expect(problems).toEqual([]);
  const closed = await startGrpcCollector({ respond: () => ({ code: 7 }) });
  const refused = await sendSpans(`http://127.0.0.1:${closed.port}`, grpc);
  expect(refused.stats).toEqual({ accepted: 3, delivered: 0, dropped: { send_error: 3 } });
  expect(refused.problems).toEqual([expect.stringContaining("PERMISSION_DENIED")]);
});

test.each([
  ["RESOURCE_EXHAUSTED", 8],
  ["UNAVAILABLE", 14],
])("OTLP over gRPC: the delay that comes with %s is waited for", async (_, code) => {
  const arrivals: number[] = [];
  const collector = await startGrpcCollector({
    respond: () => {
      arrivals.push(performance.now());
      return arrivals.length === 1 ? { code, details: describeDelay(1, 500_000_000) } : undefined;
    },
  });
  const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
  const { stats } = await sendSpans(`http://127.0.0.1:${collector.port}`, grpc);
  expect(stats).toEqual({ accepted: 3, delivered: 3, dropped: {} });
  // Without the delay the pause is 1.2 s at most.
  expect(Number(arrivals[1]) - Number(arrivals[0])).toBeGreaterThan(1_450);
});

test.each([undefined, Buffer.from("\u001a\u00ff", "latin1"), Buffer.from("no status")])(
  "OTLP over gRPC: RESOURCE_EXHAUSTED without a delay that can be read is final (%s)",
  async (details) => {
    const collector = await startGrpcCollector({ respond: () => ({ code: 8, ...(details && { details }) }) });
    const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
    const { stats } = await sendSpans(`http://127.0.0.1:${collector.port}`, grpc);
    expect(stats).toEqual({ accepted: 3, delivered: 0, dropped: { send_error: 3 } });
  },
);

test("OTLP over gRPC: what the back end refuses of a batch is counted and told", async () => {
  const collector = await startGrpcCollector({ respond: () => ({ body: PARTIAL_SUCCESS }) });
  const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
  const { stats, warnings } = await sendSpans(`http://127.0.0.1:${collector.port}`, grpc);
  expect(stats).toEqual({ accepted: 3, delivered: 1, dropped: { rejected: 2 } });
  expect(warnings).toEqual(["The OTLP back end did not take everything: too old"]);
});

test("OTLP over gRPC with TLS needs an authority that Node trusts", async () => {
  const { certificate, key } = createCertificate();
  const folder = mkdtempSync(join(tmpdir(), "tracebridge-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "authority.pem");
  writeFileSync(file, certificate);
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) };
  const collector = await startGrpcCollector({ credentials: ServerCredentials.createSsl(null, [pair]) });
  const env = {
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${collector.port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: "1500",
  };
  const untrusted = await runFixture(env);
  expect(collector.spans).toEqual([]);
  expect(untrusted.warnings[0]).toMatch(/OTLP .* cannot be delivered to https:.*certificate/);
  const trusted = await runFixture({ ...env, NODE_EXTRA_CA_CERTS: file });
  expect(trusted.warnings).toEqual([]);
  expect(collector.spans).toHaveLength(3);
  expect(collector.logs.map(({ body }) => body)).toContain("working");
});

/** `partial_success { rejected_spans: 2, error_message: "too old" }` */
const PARTIAL_SUCCESS = Buffer.from("\n\u000b\b\u0002\u0012\u0007too old", "latin1");
const JSON_PARTIAL_SUCCESS = '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}';

/** `google.rpc.Status { code: 8, details: [RetryInfo { retry_delay: { seconds, nanos } }] }` */
function describeDelay(seconds: number, nanos: number): Buffer {
  const varint = (value: number): number[] =>
    value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
  const part = (tag: number, content: Buffer) => Buffer.concat([Buffer.of(tag, content.length), content]);
  const duration = Buffer.from([0x08, ...varint(seconds), 0x10, ...varint(nanos)]);
  const type = part(0x0a, Buffer.from("type.googleapis.com/google.rpc.RetryInfo"));
  return Buffer.concat([
    Buffer.of(0x08, 8),
    part(0x1a, Buffer.concat([type, part(0x12, part(0x0a, duration))])),
  ]);
}
