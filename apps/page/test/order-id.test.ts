import { describe, expect, it } from "vitest";
import { createOrderId, readOrderId } from "../src/orders/order-id.ts";

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("readOrderId", () => {
  it.each(["alice", "2", "A-b-3", "4111111111111111", "x".repeat(64), "-"])("takes %s", (id) => {
    expect(readOrderId(id)).toEqual({ ok: true, id });
  });

  it("takes an id without the spaces that were pasted around it", () => {
    expect(readOrderId("  alice\t")).toEqual({ ok: true, id: "alice" });
  });

  it.each([
    ["", "Type an order id"],
    ["   ", "Type an order id"],
    ["al ice", "a space is not allowed"],
    ["al_ice", "“_” is not allowed"],
    ["ålice", "“å” is not allowed"],
    ["a😀", "“😀” is not allowed"],
    ["a/b", "“/” is not allowed"],
    ["x".repeat(65), "at most 64 characters; this id has 65"],
  ])("refuses %j and says why", (text, reason) => {
    expect(readOrderId(text)).toEqual({ ok: false, message: expect.stringContaining(reason) });
  });
});

describe("createOrderId", () => {
  it("makes a new UUID every time", () => {
    expect(createOrderId()).toMatch(uuid4);
    expect(createOrderId()).not.toBe(createOrderId());
  });

  it("makes a UUID where the browser has no randomUUID, as on plain http", () => {
    const source = { getRandomValues: crypto.getRandomValues.bind(crypto) };
    for (let round = 0; round < 50; round += 1) expect(createOrderId(source)).toMatch(uuid4);
  });
});
