import { onClosedPipe } from "./closed-pipe.ts";
import { CommandError } from "./command-error.ts";
import { oneLine } from "./terminal-text.ts";

/**
 * Runs a command to its exit code. A `CommandError` is told to the person who typed it; whatever else is thrown is a
 * mistake of ours, and no answer: it must not end with the 1 that stands for one.
 */
export async function runCommand(run: () => Promise<number>): Promise<void> {
  onClosedPipe();
  try {
    process.exitCode = await run();
  } catch (error) {
    const isTold = error instanceof CommandError;
    process.stderr.write(`${isTold ? error.message : describeMistake(error)}\n`);
    process.exitCode = isTold ? error.exitCode : 2;
  }
}

/** With its stack, for whoever reports it; its message may be made of what came from anywhere. */
function describeMistake(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.split("\n").map(oneLine).join("\n");
}
