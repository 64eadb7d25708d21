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
 * @returns the last attempt that had an end of its own; undefined when the signal ended the first one
 */
export async function repeat<Answer>(
  attempt: (remainingMillis: number) => Promise<{ readonly answer: Answer } | FailedAttempt>,
  { timeoutMillis, signal, hurry }: RepeatLimits,
): Promise<{ readonly answer: Answer } | FailedAttempt | undefined> {
  const deadline = performance.now() + timeoutMillis;
  const backOff = new BackOff();
  let last: FailedAttempt | undefined;
  for (let isLast = false; ; isLast = hurry.aborted) {
    const result = await attempt(Math.max(1, Math.ceil(deadline - performance.now())));
    if ("answer" in result) return result;
    if (signal.aborted) return last;
    // That there was no time left for an answer says less than what an earlier attempt was told.
    last = result.reason === "timeout" ? (last ?? result) : result;
    if (result.isFinal || isLast) return last;
    // A back end that asks for no pause at all, again and again, gets the usual ones.
    const asked = result.retryAfterMillis ?? 0;
    const waitMillis = Math.max(asked, backOff.next());
    if (performance.now() + waitMillis > deadline) return last;
    await pause(waitMillis, signal, hurry);
    // There is no time for the pause that the back end asked for.
    if (signal.aborted || (hurry.aborted && asked > LAST_PAUSE_MILLIS)) return last;
  }
}

/** Ends early when the process ends, or nobody waits any more; what fails only at the end has a short pause. */
async function pause(millis: number, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  const short = Math.min(millis, LAST_PAUSE_MILLIS);
  const [time, end] = hurry.aborted ? [short, signal] : [millis, AbortSignal.any([signal, hurry])];
  await wait(time, undefined, { signal: end }).catch((error: unknown) => {
    if (!end.aborted) throw error;
  });
}
