import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { forkHelper } from "../measure/measured-process.ts";
import { readProcessCpuMicros } from "../measure/process-cpu.ts";

/** The compare process, and what it uses of the machine. Linux only: read from /proc. */
export interface CompareProcess {
  url: string;
  /** Processor seconds since its start. */
  readCpuSeconds(): Promise<number>;
  /** The most memory it has had at a time, in bytes. */
  readPeakMemory(): Promise<number>;
  stop(): Promise<void>;
}

export async function startCompare(env: NodeJS.ProcessEnv): Promise<CompareProcess> {
  const program = new URL("../../apps/compare/src/main.ts", import.meta.url);
  const child = forkHelper(program, { ...env, PORT: "0" });
  const exited = once(child, "exit");
  const [message] = (await once(child, "message")) as [{ url: string }];
  const read = (name: string): Promise<string> => readFile(`/proc/${child.pid}/${name}`, "utf8");
  return {
    url: message.url,
    readCpuSeconds: async () => (child.pid === undefined ? 0 : (await readProcessCpuMicros(child.pid)) / 1e6),
    readPeakMemory: async () => Number(/VmHWM:\s+(\d+)/.exec(await read("status"))?.[1]) * 1024,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
