import { describe, expect, it } from "vitest";
import { readProperties, writeProperties } from "./properties.ts";

const every = {
  contentType: "text/plain",
  contentEncoding: "gzip",
  headers: new Map([["traceparent", { type: "longstr", value: "00-…" } as const]]),
  deliveryMode: 2,
  priority: 9,
  correlationId: "c",
  replyTo: "r",
  expiration: "1000",
  messageId: "m",
  timestamp: 2n ** 64n - 1n,
  type: "t",
  userId: "guest",
  appId: "a",
  clusterId: "",
};

describe("message properties", () => {
  it("are flags and then the values that are there", () => {
    const raw = writeProperties({ contentType: "a", deliveryMode: 2, messageId: "m" });
    expect(raw.toString("hex")).toBe("9080016102016d");
    expect(readProperties(raw)).toEqual({ contentType: "a", deliveryMode: 2, messageId: "m" });
  });

  it.for(Object.entries(every))("%s survives writing and reading", ([name, value]) => {
    const properties = { [name]: value };
    const isLatin1 = name !== "headers";
    if (isLatin1) expect(readProperties(writeProperties(properties))).toEqual(properties);
    else expect(readProperties(writeProperties(properties)).headers?.size).toBe(1);
  });

  it.for([
    ["with flags of another class", [0, 1]],
    ["cut short", [0x80, 0, 5, 97]],
    ["with bytes left over", [0, 0, 1]],
  ] as const)("%s are refused", ([, bytes]) => {
    expect(() => readProperties(Buffer.from(bytes))).toThrow(/^FRAME_ERROR/);
  });
});
