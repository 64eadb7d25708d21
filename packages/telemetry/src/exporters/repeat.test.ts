import { expect, test } from "vitest";
import { repeat, type FailedAttempt } from "./repeat.ts";

const refused: FailedAttempt = { error: new Error("refused"), isFinal: false, reason: "network_error" };
const late: FailedAttempt = { error: new Error("no answer"), isFinal: false, reason: "timeout" };
const never = new AbortController().signal;

test("an attempt that had no time left does not hide why the one before it failed", async () => {
  const results = [refused, late, late];
  const result = await repeat(() => Promise.resolve(results.shift() ?? late), {
    timeoutMillis: 500,
    signal: never,
    hurry: never,
  });
  expect(result).toBe(refused);
});

test("a back end that never answers is told as that", async () => {
  const limits = { timeoutMillis: 1, signal: never, hurry: never };
  expect(await repeat(() => Promise.resolve(late), limits)).toBe(late);
});

test.each(["the pause", "the second attempt"])(
  "ended in %s it says how the first one failed",
  async (when) => {
    const ending = new AbortController();
    let attempts = 0;
    const attempt = async (): Promise<FailedAttempt> => {
      attempts += 1;
      if (attempts === 1 && when === "the pause") setImmediate(() => ending.abort());
      if (attempts === 2) ending.abort();
      return attempts === 1 ? refused : { ...refused, error: new Error("aborted") };
    };
    expect(await repeat(attempt, { timeoutMillis: 5_000, signal: ending.signal, hurry: never })).toBe(
      refused,
    );
    expect(attempts).toBe(when === "the pause" ? 1 : 2);
  },
);

test("ended in its first attempt it has nothing to say", async () => {
  const ending = new AbortController();
  const attempt = (): Promise<FailedAttempt> => {
    ending.abort();
    return Promise.resolve(refused);
  };
  expect(
    await repeat(attempt, { timeoutMillis: 5_000, signal: ending.signal, hurry: never }),
  ).toBeUndefined();
});
