import { describe, expect, it } from "vitest";
import type { OrderStatus } from "../src/orders/order.ts";
import { readProgress, recordStatus, type SeenStatus } from "../src/orders/progress.ts";

function see(...statuses: OrderStatus[]): readonly SeenStatus[] {
  let seen: readonly SeenStatus[] = [];
  for (const [index, status] of statuses.entries()) seen = recordStatus(seen, status, (index + 1) * 1000);
  return seen;
}

describe("recordStatus", () => {
  it("keeps the time at which a status was seen first", () => {
    expect(see("create", "create", "making", "making", "finished")).toEqual([
      { status: "create", at: 1000 },
      { status: "making", at: 3000 },
      { status: "finished", at: 5000 },
    ]);
  });

  it("starts anew when the order was created again", () => {
    expect(see("create", "making", "finished", "create")).toEqual([{ status: "create", at: 4000 }]);
  });

  it("starts anew when an order that had failed is finished: it is another one", () => {
    expect(see("failed", "finished")).toEqual([{ status: "finished", at: 2000 }]);
  });
});

describe("readProgress", () => {
  it("shows an order on its way", () => {
    expect(readProgress(see("create", "making"))).toEqual([
      { label: "create", state: "seen", at: 1000 },
      { label: "making", state: "current", at: 2000 },
      { label: "finished or failed", state: "pending", at: undefined },
    ]);
  });

  it.each(["finished", "failed"] as const)("shows what it did not see of an order that has %s", (end) => {
    expect(readProgress(see("create", end))).toEqual([
      { label: "create", state: "seen", at: 1000 },
      { label: "making", state: "missed", at: undefined },
      { label: end, state: "current", at: 2000 },
    ]);
  });

  it("has everything ahead before anything was seen", () => {
    expect(readProgress([]).map((step) => step.state)).toEqual(["pending", "pending", "pending"]);
  });
});
