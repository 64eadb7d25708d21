import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { StackError } from "./options.ts";
import type { ProcessPlan } from "./plan.ts";

export const workspaceRoot = fileURLToPath(new URL("../../../", import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running child of the stack. */
export interface StackProcess {
  name: string;
  pid: number;
  /** Settles when the process has ended, for whatever reason. */
  exited: Promise<Exit>;
  /** What the process said over IPC when it was ready (`{ type: "ready", … }`). */
  ready: Promise<Record<string, unknown>>;
  /** The last lines it printed, newest last; bounded. */
  lastLines(): readonly string[];
  /** SIGTERM, then SIGKILL when it has not ended in time. */
  stop(timeoutMillis: number): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

const keptLines = 15;
/**
 * Spares every start but the first the parsing of what has not changed: a quarter of the CPU of npm start.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
const compileCache = { NODE_COMPILE_CACHE: `${workspaceRoot}node_modules/.cache/stack` };

/** Starts one process. Its output goes line by line to `onLine`. */
export function startProcess(plan: ProcessPlan, onLine: (line: string) => void): StackProcess {
  const child = spawn(process.execPath, [...plan.execArgv, plan.main], {
    cwd: workspaceRoot,
    env: { ...compileCache, ...plan.env },
    // A group of its own: Ctrl-C in the terminal reaches only the stack, which then ends its children in order.
    // The IPC channel tells them when the stack itself was killed.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (lines.push(line) > keptLines) lines.shift();
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, keep);
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", (error) => {
      keep(error.message);
      resolve({ code: null, signal: null });
    });
  });
  return {
    name: plan.name,
    pid: child.pid ?? -1,
    exited,
    ready: waitForReadyMessage(child),
    lastLines: () => lines,
    kill: (signal) => void child.kill(signal),
    stop: (timeoutMillis) => stopChild(child, exited, timeoutMillis),
  };
}

async function stopChild(child: ChildProcess, exited: Promise<Exit>, timeoutMillis: number): Promise<Exit> {
  const deadline = setTimeout(() => child.kill("SIGKILL"), timeoutMillis);
  child.kill("SIGTERM");
  const exit = await exited;
  clearTimeout(deadline);
  return exit;
}

function waitForReadyMessage(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && "type" in message && message.type === "ready")
        resolve({ ...message });
    });
  });
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on("line", onLine);
}

/**
 * Waits until `url` answers 200.
 *
 * @throws StackError when the process ends before, or does not become ready within `timeoutMillis`
 */
export async function waitUntilReady(child: StackProcess, url: string, timeoutMillis: number): Promise<void> {
  let exit: Exit | undefined;
  void child.exited.then((value) => (exit = value));
  const deadline = Date.now() + timeoutMillis;
  for (;;) {
    if (exit) throw new StackError(describeCrash(child, exit));
    if (await answers(url)) return;
    if (Date.now() > deadline) {
      throw new StackError(
        `${child.name} was not ready after ${timeoutMillis / 1000} s (${url}). Its last lines:\n` +
          child
            .lastLines()
            .map((line) => `  ${line}`)
            .join("\n"),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** What happened, the process's own last words, and what to do. */
export function describeCrash(child: StackProcess, exit: Exit): string {
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code ?? "unknown"}`;
  const last = child.lastLines().map((line) => `  ${line}`);
  return [
    `${child.name} ${how} though nobody asked it to. Its last lines:`,
    ...(last.length > 0 ? last : ["  (it printed nothing)"]),
    "Fix: the last lines name the cause; put it right and run npm start again.",
  ].join("\n");
}
