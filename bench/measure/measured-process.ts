import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ControlAnswer, ControlQuestion } from "../peers/control.ts";
import { readChildrenCpuMicros } from "./process-cpu.ts";

export interface ProcessStart {
  program: string;
  /** Of Node, before the program. */
  nodeArguments?: readonly string[];
  programArguments?: readonly string[];
  /** All that the process gets beside PATH. */
  env?: NodeJS.ProcessEnv;
}

/** A process that is asked over IPC what it uses; its program needs nothing for that. */
export interface MeasuredProcess {
  readonly child: ChildProcess;
  /** Sends what telemetry holds back; resolves when its peer says that it is sent. */
  flush(): Promise<void>;
  /** Microseconds of processor time since the start: all threads, and all child processes. */
  readCpuMicros(): Promise<number>;
  /** After a garbage collection, where Node was started with --expose-gc. */
  readMemory(): Promise<NodeJS.MemoryUsage>;
  /** Microseconds of the clock that V8's profiles have. */
  readClockMicros(): Promise<number>;
  /** The next message of the program itself. */
  nextMessage<Message>(): Promise<Message>;
  /** Ends it through `process.exit`, so that a profile is written. */
  stop(): Promise<void>;
}

const control = new URL("../peers/control.ts", import.meta.url).href;

export function startMeasuredProcess(start: ProcessStart): MeasuredProcess {
  const { program, nodeArguments = [], programArguments = [], env } = start;
  const child = fork(program, programArguments, {
    execArgv: [...nodeArguments, `--import=${control}`],
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = createAsk(child);
  return {
    child,
    flush: async () => void (await ask("flush")),
    readCpuMicros: async () => {
      const own = Number(await ask("cpu"));
      return own + (child.pid === undefined ? 0 : await readChildrenCpuMicros(child.pid));
    },
    readMemory: async () => (await ask("memory")) as NodeJS.MemoryUsage,
    readClockMicros: async () => Number(await ask("clock")),
    nextMessage: () => nextMessage(child),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      ask("exit").catch(() => undefined);
      await exited;
    },
  };
}

/** Runs a program of this repository that no peer traces: a sender, a receiver, a server. */
export function forkHelper(program: URL, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return fork(fileURLToPath(program), {
    execArgv: ["--conditions=tracebridge-source"],
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function createAsk(child: ChildProcess): (bench: ControlQuestion["bench"]) => Promise<unknown> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  child.on("message", (message) => {
    if (!isAnswer(message)) return;
    waiting.get(message.question)?.resolve(message.value);
    waiting.delete(message.question);
  });
  child.once("exit", (code, signal) => {
    for (const one of waiting.values()) one.reject(new Error(describeExit(code, signal)));
    waiting.clear();
  });
  return (bench) =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new Error(describeExit(child.exitCode, child.signalCode)));
        return;
      }
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ bench, question: last } satisfies ControlQuestion);
    });
}

/** The next message that is no answer to the bench's own questions; rejects when the process ends before. */
export function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown): void => {
      if (isAnswer(message)) return;
      end();
      resolve(message as Message);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      end();
      reject(new Error(describeExit(code, signal)));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return `a process of the bench ended (${signal ?? code ?? "no exit code"})`;
}

function isAnswer(message: unknown): message is ControlAnswer {
  return typeof message === "object" && message !== null && "question" in message && "value" in message;
}
