import { CommandError } from "./command-error.ts";

/**
 * Runs a command to its exit code. A `CommandError` is told to the person who typed it; whatever else is thrown is a
 * mistake of ours.
 */
export async function runCommand(run: () => Promise<number>): Promise<void> {
  // `npm run trace -- alice | head` ends the pipe early; that is no failure, and changes no answer already given.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
