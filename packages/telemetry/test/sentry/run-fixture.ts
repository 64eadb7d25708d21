import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../../test/compile-cache.ts";

export interface FixtureResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bridged process to its end; killed after 20 seconds. */
export function runFixture(environment: Record<string, string>): Promise<FixtureResult> {
  const file = fileURLToPath(new URL("./fixtures/bridged-process.ts", import.meta.url));
  const args = ["--conditions=tracebridge-source", file];
  return new Promise((resolve) => {
    const env = { ...compileCache, PATH: process.env["PATH"] ?? "", ...environment };
    const child = execFile(process.execPath, args, { env, timeout: 20_000 }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
