import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../test/compile-cache.ts";

export interface PeerProcess {
  /** What the process says it listens on. */
  readonly port: number;
  /** What telemetry has said on standard error so far. */
  readonly warnings: readonly string[];
  /** Ends its standard input, which asks it to end, and resolves with its exit code. */
  end(): Promise<number | null>;
}

/** Starts a fixture with telemetry and waits until it has printed `{"port": …}`. */
export async function startPeer(fixture: string, env: Record<string, string>): Promise<PeerProcess> {
  const file = fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));
  const args = ["--conditions=tracebridge-source", "--import", "@tracebridge/telemetry/register", file];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...compileCache, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exit = once(child, "exit") as Promise<[number | null]>;
  const warnings = collectWarnings(child);
  const port = await readPort(child);
  child.stdout.resume();
  return {
    port,
    warnings,
    end: async () => {
      child.stdin.end();
      const [code] = await exit;
      return code;
    },
  };
}

/** What else it says there is shown. */
function collectWarnings({ stderr }: ChildProcess): readonly string[] {
  if (!stderr) throw new Error("the process has no standard error");
  const warnings: string[] = [];
  createInterface({ input: stderr }).on("line", (line) => {
    if (line.startsWith("[tracebridge]")) warnings.push(line);
    else console.error(line);
  });
  return warnings;
}

async function readPort({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error("the process has no output");
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.startsWith('{"port"')) resolve((JSON.parse(line) as { port: number }).port);
    });
    lines.on("close", () => reject(new Error("the process ended before it listened")));
  });
}
