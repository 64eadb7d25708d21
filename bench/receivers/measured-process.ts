import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The compare process, and what it uses of the machine. Linux only: read from /proc. */
export interface MeasuredProcess {
  url: string;
  /** Processor seconds since its start. */
  readCpuSeconds(): Promise<number>;
  /** The most memory it has had at a time, in bytes. */
  readPeakMemory(): Promise<number>;
  stop(): Promise<void>;
}

const clockTicksPerSecond = 100;

export async function startCompare(env: NodeJS.ProcessEnv): Promise<MeasuredProcess> {
  const program = fileURLToPath(new URL("../../apps/compare/src/main.ts", import.meta.url));
  const child = forkFromSource(program, { ...env, PORT: "0" });
  const exited = once(child, "exit");
  const [message] = (await once(child, "message")) as [{ url: string }];
  const read = (name: string): Promise<string> => readFile(`/proc/${child.pid}/${name}`, "utf8");
  return {
    url: message.url,
    readCpuSeconds: async () => {
      const fields = (await read("stat")).replace(/^.*\) /, "").split(" ");
      return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
    },
    readPeakMemory: async () => Number(/VmHWM:\s+(\d+)/.exec(await read("status"))?.[1]) * 1024,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Runs a program of this repository as it stands. */
export function forkFromSource(program: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return fork(program, {
    execArgv: ["--conditions=tracebridge-source"],
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}
