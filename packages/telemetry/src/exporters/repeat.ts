import { setTimeout as wait } from "node:timers/promises";
import { BackOff } from "../http/back-off.ts";

/** Long enough for a back end that is being restarted, short enough for a process that is being ended. */
const LAST_PAUSE_MILLIS = 1_000;

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
  /** Ends the pause between two attempts, and with it the export. */
  readonly signal: AbortSignal;
  /** The process ends: a pause under way is cut short, and only one more attempt is made. */
  readonly hurry: AbortSignal;
}

/**
 * Makes attempts until one succeeds, is final, or there is no time for another; each is told how much time is left.
 *
 * @throws AbortError when the signal ends a pause
 */
export async function repeat<Answer>(
  attempt: (remainingMillis: number) => Promise<{ readonly answer: Answer } | FailedAttempt>,
  { timeoutMillis, signal, hurry }: RepeatLimits,
): Promise<{ readonly answer: Answer } | FailedAttempt> {
  const deadline = performance.now() + timeoutMillis;
  const backOff = new BackOff();
  for (let isLast = false; ; isLast = hurry.aborted) {
    const result = await attempt(Math.max(1, Math.ceil(deadline - performance.now())));
    if ("answer" in result || result.isFinal || isLast || signal.aborted) return result;
    // A back end that asks for no pause at all, again and again, gets the usual ones.
    const asked = result.retryAfterMillis ?? 0;
    const waitMillis = Math.max(asked, backOff.next());
    if (performance.now() + waitMillis > deadline) return result;
    await pause(waitMillis, signal, hurry);
    // There is no time for the pause that the back end asked for.
    if (hurry.aborted && asked > LAST_PAUSE_MILLIS) return result;
  }
}

/** Ends early when the process ends; what fails only then has a short pause. */
async function pause(millis: number, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  if (hurry.aborted) return wait(Math.min(millis, LAST_PAUSE_MILLIS), undefined, { signal });
  await wait(millis, undefined, { signal: AbortSignal.any([signal, hurry]) }).catch((error: unknown) => {
    if (signal.aborted) throw error;
  });
}
