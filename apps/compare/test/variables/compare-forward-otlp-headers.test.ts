import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram, startCompare } from "../compare-process.ts";
import { order, otlpOf } from "../samples.ts";

describe("COMPARE_FORWARD_OTLP_HEADERS", () => {
  let backEnd: Receiver;
  beforeEach(async () => {
    backEnd = await startReceiver();
  });
  afterEach(() => backEnd.close());

  it("are sent with everything that is forwarded, percent-decoded", async () => {
    const compare = await startCompare({
      COMPARE_FORWARD_OTLP_ENDPOINT: backEnd.url,
      COMPARE_FORWARD_OTLP_HEADERS: "authorization=Basic%20YTpi, x-tenant=a=b",
    });
    const headers = { "content-type": "application/json", authorization: "of the sender" };
    await fetch(`${compare.url}/v1/traces`, { method: "POST", headers, body: otlpOf(...order) });
    await backEnd.waitFor("the spans", ({ otlp }) => otlp.spans.length === 3);
    expect(backEnd.otlp.requests[0]?.headers).toMatchObject({
      authorization: "Basic YTpi",
      "x-tenant": "a=b",
    });
    expect(await compare.stop()).toBe(0);
  });

  it.each(["my-secret", "my header=my-secret", "a=%zz-my-secret", "a=my-secret%0d%0ab: c"])(
    "=%s stops the start and tells no secret",
    async (headers) => {
      const env = {
        PORT: "0",
        COMPARE_FORWARD_OTLP_ENDPOINT: backEnd.url,
        COMPARE_FORWARD_OTLP_HEADERS: headers,
      };
      const { code, stderr } = await runProgram("main.ts", [], env);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining("COMPARE_FORWARD_OTLP_HEADERS cannot be used"),
      ]);
      expect(stderr).not.toContain("my-secret");
    },
  );

  it("without an endpoint stop the start", async () => {
    const { code, stderr } = await runProgram("main.ts", [], {
      PORT: "0",
      COMPARE_FORWARD_OTLP_HEADERS: "a=b",
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("set COMPARE_FORWARD_OTLP_ENDPOINT too")]);
  });
});
