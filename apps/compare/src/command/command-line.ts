import { parseArgs, type ParseArgsConfig } from "node:util";
import { CommandError } from "./command-error.ts";
import { oneLine } from "./terminal-text.ts";

/**
 * What was typed, by `parseArgs`.
 *
 * @throws CommandError with the usage when it is none of the options
 */
export function readCommandLine<T extends ParseArgsConfig>(
  config: T,
  usage: string,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(2, `${oneLine(reason.replaceAll("\n", " "))}\n\n${usage}`);
  }
}

/**
 * The one order id or trace id that a command is about.
 *
 * @throws CommandError with the usage when there is none, or more
 */
export function readId(positionals: readonly string[], usage: string): string {
  const id = positionals[0]?.trim();
  if (id && positionals.length === 1) return id;
  throw new CommandError(2, `Give one order id or trace id.\n\n${usage}`);
}
