import { setTimeout as sleep } from "node:timers/promises";

/** Between two looks; a trace that takes long to read is read more rarely. */
const pollMillis = 1000;
const restPerWork = 4;

/** What a look at the trace came to. */
export interface Look {
  /** What is printed; printed again only when it has changed. */
  text: string;
  exitCode: number;
}

export interface Watching {
  look: () => Promise<Look>;
  print: (look: Look) => void;
  /** Tells why a look failed, once for each reason in a row. */
  onFailure: (error: unknown) => void;
  /** Ends it. */
  signal: AbortSignal;
}

/** Looks again and again until the signal; the exit code is that of the last look that succeeded, or else 2. */
export async function watch({ look, print, onFailure, signal }: Watching): Promise<number> {
  let last: Look | undefined;
  let failure: string | undefined;
  while (!signal.aborted) {
    const startMillis = Date.now();
    try {
      const next = await look();
      if (signal.aborted) break;
      if (next.text !== last?.text) print(next);
      last = next;
      failure = undefined;
    } catch (error) {
      if (String(error) !== failure) onFailure(error);
      failure = String(error);
    }
    const rest = Math.max(pollMillis, (Date.now() - startMillis) * restPerWork);
    // The signal ends the rest early.
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
  return last?.exitCode ?? 2;
}
