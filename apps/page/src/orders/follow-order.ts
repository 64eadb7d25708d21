import { isEndStatus, type Order } from "./order.ts";
import type { Answer } from "../web-api/call.ts";

export interface FollowOptions {
  readonly readOrder: (signal: AbortSignal) => Promise<Answer<Order>>;
  readonly onAnswer: (answer: Answer<Order>) => void;
  readonly signal: AbortSignal;
  /** Pause between two looks; doubled after every problem, up to `longestPauseMillis`. */
  readonly intervalMillis: number;
  /** No look starts later than this after the beginning. */
  readonly limitMillis: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** Resolves after the time, or when the signal aborts. */
  readonly wait: (millis: number, signal: AbortSignal) => Promise<void>;
}

/** `done`: finished or failed; `refused`: asking again is no use; `stopped`: the signal was aborted. */
export type FollowEnd = "done" | "refused" | "stopped" | "timed-out";

const longestPauseMillis = 8_000;

/** Looks at an order again and again until it is finished or failed. Waits first; one look at a time. */
export async function followOrder(options: FollowOptions): Promise<FollowEnd> {
  const { readOrder, onAnswer, signal, intervalMillis, limitMillis, now, wait } = options;
  const deadline = now() + limitMillis;
  let pauseMillis = intervalMillis;
  for (;;) {
    await wait(pauseMillis, signal);
    if (signal.aborted) return "stopped";
    if (now() > deadline) return "timed-out";
    const answer = await readOrder(signal);
    if (signal.aborted) return "stopped";
    onAnswer(answer);
    if (answer.ok) {
      if (isEndStatus(answer.value.status)) return "done";
      pauseMillis = intervalMillis;
    } else {
      if (answer.problem.kind === "unknown-order" || answer.problem.kind === "invalid") return "refused";
      pauseMillis = Math.min(pauseMillis * 2, longestPauseMillis);
    }
  }
}

/** Waits with a timer; an abort ends the wait at once. */
export function waitMillis(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal.addEventListener("abort", done);
  });
}
