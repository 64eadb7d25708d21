import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startReceiver, type Receiver } from "../src/index.ts";

const span = {
  name: "work",
  span_id: "b889115b7f884144",
  trace_id: "cb7e69e06639453c8095a452d44c08ef",
  start_timestamp: 1,
  end_timestamp: 2,
};
const envelope = ["{}", '{"type":"span"}', JSON.stringify({ items: [span] })].join("\n");

const gzipped = { "content-encoding": "gzip" };

describe("the receiver", () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const post = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> => fetch(`${receiver.url}${path}`, { method: "POST", body, headers });

  it("takes envelopes at the path of its DSN, packed or not", async () => {
    expect((await post("/api/1/envelope/", envelope)).status).toBe(200);
    const packed = await post("/api/1/envelope/", gzipSync(envelope), { "content-encoding": "gzip" });
    expect([packed.status, await packed.json()]).toEqual([200, { id: "" }]);
    expect(receiver.sentry.spans.map(({ name }) => name)).toEqual(["work", "work"]);
  });

  it("answers OTLP in the content type of the request", async () => {
    const json = await post("/v1/traces", "{}", { "content-type": "application/json" });
    expect([json.status, json.headers.get("content-type"), await json.text()]).toEqual([
      200,
      "application/json",
      "{}",
    ]);
    const binary = await post("/v1/logs", Buffer.alloc(0), { "content-type": "application/x-protobuf" });
    expect([binary.status, binary.headers.get("content-type")]).toEqual([200, "application/x-protobuf"]);
    expect((await binary.arrayBuffer()).byteLength).toBe(0);
  });

  it.each([
    [
      "truncated gzip",
      "/api/1/envelope/",
      gzipSync(envelope).subarray(0, 20),
      { "content-encoding": "gzip" },
      400,
    ],
    ["an unknown encoding", "/api/1/envelope/", "x", { "content-encoding": "lzw" }, 415],
    ["a broken envelope", "/api/1/envelope/", "{", {}, 400],
    ["OTLP as text", "/v1/traces", "x", { "content-type": "text/plain" }, 415],
    [
      "OTLP that is no protobuf",
      "/v1/traces",
      Buffer.from([0xff, 0xff]),
      { "content-type": "application/x-protobuf" },
      400,
    ],
    ["21 MiB", "/v1/traces", Buffer.alloc(21 << 20), { "content-type": "application/x-protobuf" }, 413],
    [
      "64 MiB in a small gzip",
      "/v1/traces",
      gzipSync(Buffer.alloc(64 << 20)),
      { "content-encoding": "gzip" },
      413,
    ],
    ["another path", "/elsewhere", "", {}, 404],
  ])("refuses %s and goes on", async (_name, path, body, headers, status) => {
    expect((await post(path, body, headers as Record<string, string>)).status).toBe(status);
    expect((await post("/api/1/envelope/", envelope)).status).toBe(200);
    expect(receiver.sentry.spans).toHaveLength(1);
  });

  it("refuses OTLP with a status in the encoding of the request", async () => {
    const json = await post("/v1/traces", "{", { "content-type": "application/json" });
    expect(await json.json()).toEqual({ message: expect.stringContaining("OTLP_MALFORMED") });
    const binary = await post("/v1/logs", Buffer.from([255]), { "content-type": "application/x-protobuf" });
    expect(binary.headers.get("content-type")).toBe("application/x-protobuf");
    const bytes = Buffer.from(await binary.arrayBuffer());
    // google.rpc.Status: field 2, wire type 2, then the length of the message and the message.
    expect([bytes[0], bytes[1]]).toEqual([0x12, bytes.length - 2]);
    expect(bytes.subarray(2).toString()).toContain("OTLP_MALFORMED");
  });

  it("answers 500 when its owner fails to keep what came, and tells the owner", async () => {
    const failures: unknown[] = [];
    const failing = await startReceiver({
      onEnvelope: () => Promise.reject(new Error("the disk is full")),
      onFailure: (error) => failures.push(error),
    });
    const response = await fetch(`${failing.url}/api/1/envelope/`, { method: "POST", body: envelope });
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining("disk")]);
    expect(failures).toEqual([new Error("the disk is full")]);
    expect(failing.sentry.spans).toEqual([]);
    await failing.close();
  });

  it("settles a wait with what arrives later, and forgets on reset", async () => {
    const waiting = receiver.waitFor("a span", ({ sentry }) => sentry.spans.length === 1);
    await post("/api/1/envelope/", envelope);
    await waiting;
    receiver.reset();
    expect([receiver.sentry.spans, receiver.sentry.envelopes]).toEqual([[], []]);
  });

  it("keeps every span of many senders at once", async () => {
    const bodyOf = (index: number): string =>
      envelope.replace("b889115b7f884144", index.toString(16).padStart(16, "0"));
    const indexes = Array.from({ length: 200 }, (_, index) => index + 1);
    await Promise.all(indexes.map((index) => post("/api/1/envelope/", gzipSync(bodyOf(index)), gzipped)));
    expect(new Set(receiver.sentry.spans.map(({ spanId }) => spanId)).size).toBe(200);
  });

  it("survives arbitrary bytes at every path", async () => {
    const paths = fc.constantFrom("/api/1/envelope/", "/v1/traces", "/v1/logs");
    const types = fc.constantFrom("application/json", "application/x-protobuf");
    await fc.assert(
      fc.asyncProperty(paths, types, fc.uint8Array({ maxLength: 300 }), async (path, type, bytes) => {
        const response = await post(path, Buffer.from(bytes), { "content-type": type });
        await response.arrayBuffer();
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: 300 },
    );
  });

  it("says on time-out what did arrive", async () => {
    await post("/api/1/envelope/", envelope);
    await expect(
      receiver.waitFor("two spans", ({ sentry }) => sentry.spans.length === 2, 20),
    ).rejects.toThrow(/two spans: not within 20 ms\. Arrived at Sentry: 1 spans.*work/);
  });

  it("can be scripted to answer otherwise, and records nothing then", async () => {
    const scripted = await startReceiver({
      respond: () => ({ status: 429, headers: { "retry-after": "1" } }),
    });
    const response = await fetch(`${scripted.url}/api/1/envelope/`, { method: "POST", body: envelope });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(scripted.sentry.spans).toEqual([]);
    await scripted.close();
  });
});
