import { describe, expect, it } from "vitest";
import { readEmailAddress, readNewPassword } from "../src/users/credentials.ts";

describe("readEmailAddress", () => {
  it.each([
    ["alice@example.com", "alice@example.com"],
    ["  Alice+x@Example.com ", "Alice+x@Example.com"],
  ])("takes %j", (text, value) => {
    expect(readEmailAddress(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["", "Type your e-mail address"],
    ["alice", "one @"],
    ["alice@", "one @"],
    ["@example.com", "one @"],
    ["a@b@c", "one @"],
    ["alice smith@example.com", "space"],
    [`${"x".repeat(250)}@b.de`, "at most 254"],
  ])("says what is wrong with %j", (text, words) => {
    expect(readEmailAddress(text)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });
});

describe("readNewPassword", () => {
  it.each(["12345678", "  two  words ", "x".repeat(128)])("takes %j as it is", (text) => {
    expect(readNewPassword(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ["", "Use at least 8 characters."],
    ["1234567", "Use at least 8 characters; this has 7."],
    ["x".repeat(129), "Use at most 128 characters; this has 129."],
  ])("says what is wrong with %j", (text, message) => {
    expect(readNewPassword(text)).toEqual({ ok: false, message });
  });
});
