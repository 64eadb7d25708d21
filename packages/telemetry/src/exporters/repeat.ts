import { setTimeout as wait } from "node:timers/promises";
import { BackOff } from "../http/back-off.ts";

/** An attempt that failed. */
export interface FailedAttempt {
  readonly error: Error;
  readonly isFinal: boolean;
  /** What items are counted under when no other attempt follows. */
  readonly reason: "network_error" | "send_error" | "timeout";
  readonly retryAfterMillis?: number | undefined;
}

export interface RepeatLimits {
  /** For all attempts and the pauses between them. */
  readonly timeoutMillis: number;
  /** Ends the pause between two attempts. */
  readonly signal: AbortSignal;
}

/**
 * Makes attempts until one succeeds, is final, or there is no time for another; each is told how much time is left.
 *
 * @throws AbortError when the signal ends a pause
 */
export async function repeat<Answer>(
  attempt: (remainingMillis: number) => Promise<{ readonly answer: Answer } | FailedAttempt>,
  { timeoutMillis, signal }: RepeatLimits,
): Promise<{ readonly answer: Answer } | FailedAttempt> {
  const deadline = performance.now() + timeoutMillis;
  const backOff = new BackOff();
  for (;;) {
    const result = await attempt(Math.max(1, Math.ceil(deadline - performance.now())));
    if ("answer" in result) return result;
    // A back end that asks for no pause at all, again and again, gets the usual ones.
    const waitMillis = Math.max(result.retryAfterMillis ?? 0, backOff.next());
    if (result.isFinal || signal.aborted || performance.now() + waitMillis > deadline) return result;
    await wait(waitMillis, undefined, { signal });
  }
}
