import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../test/compile-cache.ts";

export interface RunningCommand {
  /** Settles when the pattern is in what has been printed so far on either output; fails when it ends before. */
  prints(pattern: RegExp): Promise<void>;
  /** What it has printed so far. */
  printed(): string;
  /** Sends the signal and settles with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program of compare's own that stays until it is told to end. */
export function startCommand(file: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  const path = fileURLToPath(new URL(`../src/${file}`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=tracebridge-source", path, ...args], {
    env: { ...compileCache, PATH: process.env["PATH"], ...env },
  });
  let printed = "";
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const closed = once(child, "close") as Promise<[number | null]>;
  void closed.then(() => (hasEnded = true));
  return {
    prints: async (pattern) => {
      while (!pattern.test(printed)) {
        if (hasEnded) throw new Error(`it has ended without ${pattern}:\n${printed}`);
        await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), closed]);
      }
    },
    printed: () => printed,
    stop: async (signal) => {
      child.kill(signal);
      return (await closed)[0];
    },
  };
}
