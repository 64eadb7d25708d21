import { expect, test } from "vitest";
import { describePath } from "./describe-path.ts";

test.each([
  ["/", "/"],
  ["", "/"],
  ["/order", "/order"],
  ["/order/4711/items", "/order/:id/items"],
  ["/user/0af76519-16cd-43dd-8448-eb211c80319c", "/user/:id"],
  ["/trace/0af7651916cd43dd8448eb211c80319c", "/trace/:id"],
  ["/reset/dGhpcyBpcyBhIHRva2VuIDEyMw", "/reset/:id"],
  ["/v1/users/reset-password", "/v1/users/reset-password"],
  ["/terms-and-conditions-of-the-shop", "/terms-and-conditions-of-the-shop"],
  ["/%E0%A4%A", "/%E0%A4%A"],
])("%s is %s", (path, name) => {
  expect(describePath(path)).toBe(name);
});

test("a business id stands under its name, however it looks", () => {
  expect(describePath("/order/alice/items", { orderId: "alice" })).toBe("/order/:orderId/items");
  expect(describePath("/order/al%69ce", { orderId: "alice" })).toBe("/order/:orderId");
});

test("a path of any length becomes a short name", () => {
  expect(describePath(`/${"a/".repeat(10_000)}`).length).toBeLessThanOrEqual(200);
});
