import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../test/compile-cache.ts";

export interface PeerProcess {
  /** What the process says it listens on. */
  readonly port: number;
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
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(child, "exit") as Promise<[number | null]>;
  const port = await readPort(child);
  child.stdout.resume();
  return {
    port,
    end: async () => {
      child.stdin.end();
      const [code] = await exit;
      return code;
    },
  };
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
