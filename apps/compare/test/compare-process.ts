import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../test/compile-cache.ts";

export interface CompareProcess {
  url: string;
  pid: number;
  /** What it has written to its log until now. */
  log: () => string;
  /** Sends the signal and settles with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Closes the channel, as the end of the parent would, and settles with the exit code. */
  disconnect(): Promise<number | null>;
}

const condition = "--conditions=tracebridge-source";
const source = fileURLToPath(new URL("../src/", import.meta.url));

/** Runs a program of compare's own and collects what it prints. */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [condition, source + file, ...args], {
    env: { ...compileCache, PATH: process.env["PATH"], ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** Runs a program and closes its output after the first piece of it, as `head` does. */
export async function readOnlyTheStart(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [condition, source + file, ...args], {
    env: { ...compileCache, PATH: process.env["PATH"], ...env },
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

/** Starts the compare server on a free port. */
export async function startCompare(env: NodeJS.ProcessEnv = {}): Promise<CompareProcess> {
  const child = spawn(process.execPath, [condition, `${source}main.ts`], {
    env: { ...compileCache, PATH: process.env["PATH"], PORT: "0", ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let log = "";
  child.stderr?.on("data", (chunk) => (log += String(chunk)));
  const exited = once(child, "exit") as Promise<[number | null]>;
  const failed = exited.then(([code]) => Promise.reject(new Error(`compare ended with ${code}: ${log}`)));
  const [message] = (await Promise.race([once(child, "message"), failed])) as [{ url: string }];
  failed.catch(() => {}); // from here on it may end
  return {
    url: message.url,
    pid: child.pid ?? 0,
    log: () => log,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      return (await exited)[0];
    },
    disconnect: async () => {
      child.disconnect();
      return (await exited)[0];
    },
  };
}
