import { once } from "node:events";
import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReceiverError, startReceiver, type Receiver } from "../src/index.ts";

/** The machine may do other work as well. */
const patiently = { timeout: 60_000 };

const ids = { trace_id: "cb7e69e06639453c8095a452d44c08ef", span_id: "b889115b7f884144" };
const span = { name: "work", ...ids, start_timestamp: 1, end_timestamp: 2 };
const envelope = ["{}", '{"type":"span"}', JSON.stringify({ items: [span] })].join("\n");
const mebibyte = 1024 * 1024;

describe("a receiver", () => {
  let receiver: Receiver;
  let agent: Agent;
  beforeEach(async () => {
    receiver = await startReceiver();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(async () => {
    agent.destroy();
    await receiver.close();
  });

  interface Answer {
    status: number | undefined;
    headers: IncomingMessage["headers"];
    text: string;
    /** The port that tells one connection from another. */
    connection: number | undefined;
  }

  const post = async (
    path: string,
    body: string | Uint8Array,
    headers: OutgoingHttpHeaders = {},
    via: Agent | undefined = agent,
  ): Promise<Answer> => {
    const sending = request(receiver.url + path, { method: "POST", headers, agent: via });
    sending.end(body);
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    const connection = response.socket.localPort;
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, headers: response.headers, text, connection };
  };
  const postEnvelope = (body: string | Uint8Array, headers?: OutgoingHttpHeaders): Promise<Answer> =>
    post("/api/1/envelope/", body, headers);

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ] as const)(
    "reads %s, and refuses it cut short or unpacking to more than 20 MiB",
    async (encoding, pack) => {
      const headers = { "content-encoding": encoding };
      const packed = pack(envelope);
      expect((await postEnvelope(packed, headers)).status).toBe(200);
      expect((await postEnvelope(packed.subarray(0, packed.length - 9), headers)).status).toBe(400);
      expect((await postEnvelope("no such thing", headers)).status).toBe(400);
      expect((await postEnvelope(pack(Buffer.alloc(21 * mebibyte)), headers)).status).toBe(413);
      expect(receiver.sentry.spans).toHaveLength(1);
    },
  );

  it("answers 413 to more than 20 MiB and keeps the connection", async () => {
    const large = await postEnvelope(Buffer.alloc(20 * mebibyte + 1));
    expect([large.status, JSON.parse(large.text)]).toEqual([
      413,
      { error: expect.objectContaining({ code: "BODY_TOO_LARGE" }) },
    ]);
    const small = await postEnvelope(envelope);
    expect([small.status, small.connection]).toEqual([200, large.connection]);
  });

  it("takes a body of exactly 20 MiB", async () => {
    const body = Buffer.concat([
      Buffer.from(`${envelope}\n`),
      Buffer.alloc(20 * mebibyte - envelope.length - 1, "\n"),
    ]);
    expect((await postEnvelope(body)).status).toBe(200);
    expect(receiver.sentry.spans).toHaveLength(1);
  });

  it("cuts the connection of a sender that does not stop", async () => {
    const sending = request(`${receiver.url}/api/1/envelope/`, { method: "POST" });
    const ended = once(sending, "error");
    const send = (): void => {
      while (!sending.destroyed && sending.write(Buffer.alloc(mebibyte)));
    };
    sending.on("drain", send);
    send();
    expect(await ended).toMatchObject([{ code: expect.stringMatching(/ECONNRESET|EPIPE/) }]);
    expect((await postEnvelope(envelope)).status).toBe(200);
  });

  it("reads a body in chunks of any size", async () => {
    const socket = connect(receiver.port, "127.0.0.1");
    socket.write(
      "POST /api/1/envelope/ HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
    );
    for (const character of envelope) socket.write(`1\r\n${character}\r\n`);
    socket.write("0\r\n\r\n");
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(receiver.sentry.spans).toHaveLength(1);
  });

  it("lets a sender that asks first go on", async () => {
    const headers = { expect: "100-continue", "content-length": Buffer.byteLength(envelope) };
    const sending = request(`${receiver.url}/api/1/envelope/`, { method: "POST", headers });
    sending.flushHeaders();
    await once(sending, "continue");
    sending.end(envelope);
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
  });

  it("loses nothing of others when a sender goes away in the middle, and reports no failure", async () => {
    const failures: unknown[] = [];
    await receiver.close();
    receiver = await startReceiver({ onFailure: (error) => failures.push(error) });
    const socket = connect(receiver.port, "127.0.0.1");
    socket.write(
      `POST /api/1/envelope/ HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n${envelope.slice(0, 50)}`,
    );
    await once(socket, "connect");
    socket.destroy();
    expect((await postEnvelope(envelope)).status).toBe(200);
    expect([receiver.sentry.spans.length, failures]).toEqual([1, []]);
  });

  it("answers each of 1,000 senders at once", async () => {
    const many = new Agent();
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const spanId = (index + 1).toString(16).padStart(16, "0");
        return post("/api/1/envelope/", envelope.replace(ids.span_id, spanId), {}, many);
      }),
    );
    many.destroy();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(receiver.sentry.spans.map(({ spanId }) => spanId)).size).toBe(1000);
  });

  it("asks senders to come again while too much waits for its answer, and takes it then", async () => {
    const store = Promise.withResolvers<void>();
    let waiting = 0;
    await receiver.close();
    receiver = await startReceiver({
      onEnvelope: () => {
        waiting += 1;
        return store.promise;
      },
    });
    const many = new Agent();
    const large = Buffer.concat([Buffer.from(`${envelope}\n`), Buffer.alloc(19 * mebibyte, "\n")]);
    const held = Array.from({ length: 6 }, () => post("/api/1/envelope/", large, {}, many));
    await expect.poll(() => waiting, patiently).toBe(6);
    const refused = await post("/api/1/envelope/", large, {}, many);
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
    store.resolve();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await post("/api/1/envelope/", large, {}, many)).status).toBe(200);
    many.destroy();
  });

  it.each([
    ["/api/1/envelope/", "text/plain", envelope, '{"error":{"code":"UNAVAILABLE","message":"full"}}'],
    ["/v1/logs", "application/json", "{}", '{"message":"UNAVAILABLE: full"}'],
    ["/v1/traces", "application/x-protobuf", "", "\x12\x11UNAVAILABLE: full"],
  ])(
    "answers 503 at %s (%s) when whoever is told of it has no room",
    async (path, contentType, body, text) => {
      const refuse = (): never => {
        throw new ReceiverError("UNAVAILABLE", "full");
      };
      await receiver.close();
      receiver = await startReceiver({ onEnvelope: refuse, onOtlpTraces: refuse, onOtlpLogs: refuse });
      const answer = await post(path, body, { "content-type": contentType });
      expect([answer.status, answer.headers["retry-after"], answer.text]).toEqual([503, "1", text]);
    },
  );

  it("keeps items of an envelope beside those of unknown types and those that are broken", async () => {
    const items = [
      { type: "profile_chunk" },
      { any: "thing" },
      { type: "span" },
      { items: [{ name: "no ids" }, span] },
    ];
    const binary = Buffer.concat([
      Buffer.from(
        `${["{}", ...items.map((item) => JSON.stringify(item))].join("\n")}\n{"type":"attachment","length":3}\n`,
      ),
      Buffer.from([0xff, 0x0a, 0x00]),
    ]);
    expect((await postEnvelope(binary)).status).toBe(200);
    expect(receiver.sentry.spans).toHaveLength(1);
    expect(receiver.sentry.envelopes).toMatchObject([
      { other: [{ type: "profile_chunk" }, { type: "attachment" }], rejected: [{ type: "span" }] },
    ]);
  });
});

describe("a receiver of OTLP keeps what it can read, and tells of the rest as partial success:", () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const good = { traceId: ids.trace_id, spanId: ids.span_id, name: "work" };
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(receiver.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("spans without ids, with times that are none, and all of a resource that cannot be read", async () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 200; level += 1)
      deep = { kvlistValue: { values: [{ key: "k", value: deep }] } };
    const tooDeep = { attributes: [{ key: "deep", value: deep }] };
    const response = await post("/v1/traces", {
      resourceSpans: [
        { scopeSpans: [{ spans: [good, { name: "no ids" }, { ...good, startTimeUnixNano: "soon" }] }] },
        { resource: tooDeep, scopeSpans: [{ spans: [good, good] }] },
      ],
    });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: "4",
          errorMessage:
            "a span or link has no id; a time is no unsigned 64-bit integer; a part is nested too deeply",
        },
      },
    ]);
    expect(receiver.otlp.spans).toHaveLength(1);
  });

  it("log records, counted by their own name", async () => {
    const response = await post("/v1/logs", {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "made" } }, { traceId: "7" }] }] }],
    });
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedLogRecords: "1", errorMessage: "an id is not 32 hex digits long" },
    });
    expect(receiver.otlp.logs).toMatchObject([{ body: "made" }]);
  });

  it("in protobuf, too", async () => {
    // resourceSpans { scopeSpans { spans { traceId: 1 byte } } }
    const body = Buffer.from("0a07120512030a01ff", "hex");
    const headers = { "content-type": "application/x-protobuf" };
    const response = await fetch(`${receiver.url}/v1/traces`, { method: "POST", headers, body });
    const message = "an id is not 32 hex digits long";
    const partial = Buffer.concat([Buffer.from([0x08, 1, 0x12, message.length]), Buffer.from(message)]);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(
      Buffer.concat([Buffer.from([0x0a, partial.length]), partial]),
    );
  });
});
