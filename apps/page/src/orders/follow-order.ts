import { isEndStatus, type Order } from "./order.ts";
import type { Answer } from "../web-api/call.ts";

export interface FollowOptions {
  readonly readOrder: (signal: AbortSignal) => Promise<Answer<Order>>;
  readonly onAnswer: (answer: Answer<Order>) => void;
  readonly signal: AbortSignal;
  /** Pause before the first look; doubled after every one, up to the longest. */
  readonly firstPauseMillis: number;
  /** No look starts later than this after the beginning. */
  readonly limitMillis: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** Resolves after the time, or when the signal aborts. */
  readonly wait: (millis: number, signal: AbortSignal) => Promise<void>;
}

/** `done`: finished or failed; `refused`: asking again is no use; `stopped`: the signal was aborted. */
export type FollowEnd = "done" | "refused" | "stopped" | "timed-out";

/** Each look is four spans of the order's trace: of one a second most of the trace would be made. */
const longestPauseMillis = 4_000;
const longestPauseInTroubleMillis = 8_000;

/** Looks at an order again and again until it is finished or failed. Waits first; one look at a time. */
export async function followOrder(options: FollowOptions): Promise<FollowEnd> {
  const { readOrder, onAnswer, signal, firstPauseMillis, limitMillis, now, wait } = options;
  const deadline = now() + limitMillis;
  let pauseMillis = firstPauseMillis;
  for (;;) {
    await wait(pauseMillis, signal);
    if (signal.aborted) return "stopped";
    if (now() > deadline) return "timed-out";
    const answer = await readOrder(signal);
    if (signal.aborted) return "stopped";
    onAnswer(answer);
    if (answer.ok) {
      if (isEndStatus(answer.value.status)) return "done";
    } else if (answer.problem.kind === "unknown-order" || answer.problem.kind === "invalid") return "refused";
    const longest = answer.ok ? longestPauseMillis : longestPauseInTroubleMillis;
    pauseMillis = Math.min(pauseMillis * 2, longest);
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
