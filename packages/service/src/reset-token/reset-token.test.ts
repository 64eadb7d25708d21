import { expect, test } from "vitest";
import { createResetToken, hashResetToken } from "./index.ts";

const secret = "0123456789abcdef0123456789abcdef";

test("the same request has the same token in every process, and fits into a link as it is", () => {
  const token = createResetToken(secret, "request-1");
  expect(createResetToken(secret, "request-1")).toBe(token);
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("another request or another secret has another token", () => {
  const tokens = [
    createResetToken(secret, "request-1"),
    createResetToken(secret, "request-2"),
    createResetToken(`${secret}.`, "request-1"),
  ];
  expect(new Set(tokens).size).toBe(3);
});

test("what is stored of a token recognises it and is not the token", () => {
  const token = createResetToken(secret, "request-1");
  expect(hashResetToken(token)).toBe(hashResetToken(token));
  expect(hashResetToken(token)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashResetToken(token)).not.toBe(hashResetToken(createResetToken(secret, "request-2")));
});
