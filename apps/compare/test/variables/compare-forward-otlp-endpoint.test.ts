import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "../compare-process.ts";
import { envelopeOf, order, otlpOf } from "../samples.ts";

/** The machine may do other work as well. */
const patiently = { timeout: 60_000 };

const json = { "content-type": "application/json" };

describe("COMPARE_FORWARD_OTLP_ENDPOINT", () => {
  let backEnd: Receiver;
  let answer: { status: number; headers?: Record<string, string> } | undefined;
  let compare: CompareProcess;
  beforeEach(async () => {
    answer = undefined;
    backEnd = await startReceiver({ respond: () => answer });
    compare = await startCompare({ COMPARE_FORWARD_OTLP_ENDPOINT: `${backEnd.url}/` });
  });
  afterEach(async () => {
    await compare.stop();
    await backEnd.close();
  });

  const send = (index: number): Promise<Response> => {
    const span = {
      spanId: (index + 1).toString(16).padStart(16, "0"),
      name: `span ${index}`,
      service: "web",
    };
    return fetch(`${compare.url}/v1/traces`, { method: "POST", headers: json, body: otlpOf(span) });
  };
  const readForwarding = async (): Promise<unknown> => {
    const health = (await (await fetch(`${compare.url}/health`)).json()) as { forwarding: unknown[] };
    return health.forwarding[0];
  };
  const namesAt = ({ otlp }: Receiver): string[] => otlp.spans.map(({ name }) => name).toSorted();

  it("sends traces and logs on, in the content type they came in", async () => {
    await fetch(`${compare.url}/v1/traces`, {
      method: "POST",
      headers: { ...json, "content-encoding": "gzip" },
      body: gzipSync(otlpOf(...order)),
    });
    // An ExportLogsServiceRequest with a record of nothing but the time 1.
    const record = Buffer.from("0a0d120b1209090100000000000000", "hex");
    const headers = { "content-type": "application/x-protobuf" };
    expect((await fetch(`${compare.url}/v1/logs`, { method: "POST", headers, body: record })).status).toBe(
      200,
    );
    await backEnd.waitFor("both", ({ otlp }) => otlp.spans.length === 3 && otlp.logs.length === 1);
    expect(backEnd.otlp.requests.map(({ path, contentType }) => `${path} ${contentType}`).toSorted()).toEqual(
      ["/v1/logs application/x-protobuf", "/v1/traces application/json"],
    );
  });

  it("sends no envelopes there, and nothing that compare refused", async () => {
    await fetch(`${compare.url}/api/1/envelope/`, { method: "POST", body: envelopeOf(...order) });
    await fetch(`${compare.url}/v1/traces`, { method: "POST", headers: json, body: "{" });
    await send(0);
    await backEnd.waitFor("the one", ({ otlp }) => otlp.spans.length > 0);
    await compare.stop();
    expect([backEnd.otlp.requests.length, backEnd.sentry.envelopes.length]).toEqual([1, 0]);
  });

  it("goes on receiving while the back end is down, and delivers all of it when it is back", async () => {
    // The port stays taken meanwhile, so that nobody else can have it.
    let isDown = true;
    const gate = createServer((socket) => {
      const onward = isDown ? undefined : connect(backEnd.port, "127.0.0.1");
      socket.on("error", () => onward?.destroy()).on("close", () => onward?.destroy());
      if (onward) socket.pipe(onward.on("error", () => socket.destroy())).pipe(socket);
      else socket.destroy();
    });
    await once(gate.listen(0, "127.0.0.1"), "listening");
    await compare.stop();
    const { port } = gate.address() as AddressInfo;
    compare = await startCompare({ COMPARE_FORWARD_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    for (let index = 0; index < 10; index += 1) expect((await send(index)).status).toBe(200);
    await expect
      .poll(compare.log, patiently)
      .toMatch(/forwarding to OTLP at .* \(COMPARE_FORWARD_OTLP_ENDPOINT\): it cannot be reached/);
    expect(await readForwarding()).toMatchObject({ forwarded: 0, lost: 0, waiting: 10 });
    isDown = false;
    await backEnd.waitFor("everything", ({ otlp }) => otlp.spans.length >= 10);
    expect(namesAt(backEnd)).toEqual(Array.from({ length: 10 }, (_, index) => `span ${index}`));
    await expect
      .poll(readForwarding, patiently)
      .toMatchObject({ forwarded: 10, lost: 0, refused: 0, waiting: 0, waitingBytes: 0 });
    expect(compare.log().split("\n")).toHaveLength(3); // down, back, and the end of the last line
    await compare.stop();
    gate.close();
  });

  it.each([429, 502, 503, 504, 500])("sends what was answered %i once more", async (status) => {
    answer = { status, headers: { "retry-after": "0" } };
    await send(0);
    await expect.poll(compare.log, patiently).toContain(`it answered ${status}`);
    answer = undefined;
    await backEnd.waitFor("the span", ({ otlp }) => otlp.spans.length > 0);
    await expect.poll(readForwarding, patiently).toMatchObject({ forwarded: 1, lost: 0, refused: 0 });
  });

  it.each([400, 302])("counts what was answered %i as refused, and tells it once", async (status) => {
    answer = { status, headers: { location: "/v1/traces" } };
    await Promise.all([send(0), send(1)]);
    await expect.poll(readForwarding, patiently).toMatchObject({ forwarded: 0, refused: 2 });
    answer = undefined;
    await send(2);
    await backEnd.waitFor("the third span", ({ otlp }) => otlp.spans.length > 0);
    expect(namesAt(backEnd)).toEqual(["span 2"]);
    expect(compare.log().match(/it does not want/g)).toHaveLength(1);
  });

  it("delivers what waits when compare is told to end, and tells what it could not", async () => {
    answer = { status: 503 };
    await send(0);
    await expect.poll(compare.log, patiently).toContain("it answered 503");
    await compare.stop();
    expect(compare.log()).toContain("0 refused, 1 lost");
  });

  it("forwards once what is delivered twice, so that no collector makes a circle", async () => {
    await send(0);
    await send(0);
    await send(1);
    await backEnd.waitFor("both spans", ({ otlp }) => otlp.spans.length >= 2);
    await compare.stop();
    expect(namesAt(backEnd)).toEqual(["span 0", "span 1"]);
  });

  it("forwards nothing that comes back to the compare that forwarded it", async () => {
    // A proxy in front of compare, so that the address is not compare's own.
    const proxied: string[] = [];
    const proxy = await startReceiver({
      onOtlpLogs: async (_logs, { headers }, body) => {
        const name = String(headers["tracebridge-forwarded-by"]);
        proxied.push(name);
        await fetch(`${first.url}/v1/logs`, {
          method: "POST",
          headers: { ...json, "tracebridge-forwarded-by": name },
          body: Buffer.from(body),
        });
      },
    });
    const first = await startCompare({ COMPARE_FORWARD_OTLP_ENDPOINT: proxy.url });
    // Outside any trace, it is not stored: nothing else can tell that it has been here.
    const log = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "started" } }] }] }] };
    await fetch(`${first.url}/v1/logs`, { method: "POST", headers: json, body: JSON.stringify(log) });
    await expect.poll(first.log, patiently).toContain("what is forwarded comes back here");
    await first.stop();
    await proxy.close();
    expect(proxied).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  it.each(["not an address", "https://user:my-secret@example.com", "https://example.com?token=my-secret"])(
    "=%s stops the start and tells no secret",
    async (endpoint) => {
      const { code, stderr } = await runProgram("main.ts", [], {
        PORT: "0",
        COMPARE_FORWARD_OTLP_ENDPOINT: endpoint,
      });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/COMPARE_FORWARD_OTLP_ENDPOINT cannot be used: .*\n$/),
      ]);
      expect(stderr).not.toContain("my-secret");
    },
  );
});
