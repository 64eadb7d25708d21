import {
  startReceiver,
  type ReceivedRequest,
  type Receiver,
  type ScriptedResponse,
} from "@tracebridge/receivers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createForwarder, type ForwarderOptions } from "../src/forward/forwarder.ts";
import { createOtlpDestination } from "../src/forward/otlp-destination.ts";

const patiently = { timeout: 60_000 };

describe("forwarding to a back end", () => {
  let backEnd: Receiver;
  let answer: ScriptedResponse | undefined;
  let asked: number;
  let told: string[];
  beforeEach(async () => {
    answer = undefined;
    asked = 0;
    told = [];
    backEnd = await startReceiver({
      respond: () => {
        asked += 1;
        return answer;
      },
    });
  });
  afterEach(() => backEnd.close());

  const create = (options: Partial<ForwarderOptions> = {}) =>
    createForwarder(createOtlpDestination(new URL(backEnd.url), { authorization: "my-secret" }), {
      tell: (message) => told.push(message),
      firstBackOffMillis: 1,
      ...options,
    });
  const request: ReceivedRequest = {
    kind: "otlp",
    path: "/v1/traces",
    headers: {},
    contentType: "application/json",
    bytes: 0,
  };
  const body = Buffer.from('{"resourceSpans":[]}');

  it("that never answers holds no more than its bytes, counts the rest as lost, and tells so once", async () => {
    answer = { status: 200, delayMillis: Infinity };
    const forwarder = create({ maxWaitingBytes: body.length * 10 });
    for (let count = 0; count < 15; count += 1) forwarder.forward(request, body);
    expect(forwarder.counts()).toMatchObject({
      forwarded: 0,
      lost: 5,
      waiting: 10,
      waitingBytes: body.length * 10,
    });
    await forwarder.close(50);
    expect(forwarder.counts()).toMatchObject({ forwarded: 0, lost: 15, waiting: 0, waitingBytes: 0 });
    expect(told.filter((message) => message.includes("too much waits"))).toHaveLength(1);
    expect(told.at(-1)).toContain("0 refused, 15 lost");
    expect(told.join()).not.toContain("my-secret");
  });

  it("that never answers holds no more bodies than may wait, though none has a byte", async () => {
    answer = { status: 200, delayMillis: Infinity };
    const forwarder = create({ maxWaitingBodies: 10 });
    for (let count = 0; count < 15; count += 1) forwarder.forward(request, Buffer.alloc(0));
    expect(forwarder.counts()).toMatchObject({ lost: 5, waiting: 10, waitingBytes: 0 });
    await forwarder.close(50);
  });

  it("that hangs is given up after its time, and asked again", async () => {
    answer = { status: 200, delayMillis: Infinity };
    const forwarder = create({ requestTimeoutMillis: 20 });
    forwarder.forward(request, body);
    await expect.poll(() => told, patiently).toEqual([expect.stringContaining("it did not answer in time")]);
    answer = undefined;
    await expect.poll(forwarder.counts, patiently).toMatchObject({ forwarded: 1, lost: 0, waiting: 0 });
    await forwarder.close(1000);
  });

  it("that fails over one body again and again is not sent it for ever", async () => {
    answer = { status: 500 };
    const forwarder = create();
    forwarder.forward(request, body);
    await expect.poll(forwarder.counts, patiently).toMatchObject({ refused: 1, waiting: 0 });
    expect(asked).toBe(5);
    await forwarder.close(1000);
  });

  it("that asks for a long pause is left alone, and what waits is lost at the end", async () => {
    answer = { status: 429, headers: { "retry-after": "3600" } };
    const forwarder = create();
    forwarder.forward(request, body);
    await expect.poll(() => told, patiently).toHaveLength(1);
    forwarder.forward(request, body);
    await forwarder.close(100);
    expect([asked, forwarder.counts()]).toEqual([1, expect.objectContaining({ lost: 2, forwarded: 0 })]);
  });

  it("delivers at the end what still waits", async () => {
    const forwarder = create();
    for (let count = 0; count < 100; count += 1) forwarder.forward(request, body);
    await forwarder.close(60_000);
    expect(forwarder.counts()).toMatchObject({ forwarded: 100, lost: 0 });
    expect(told).toEqual([]);
  });
});
