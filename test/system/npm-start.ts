import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import type { StackOptions } from "../../apps/stack/src/options.ts";
import { claimPort } from "../../packages/embedded/src/ports.ts";
import { compileCache } from "../compile-cache.ts";
import { readUntil } from "./eventually.ts";

/** `npm start` as a person types it, on ports of its own. */
export interface NpmStart {
  ports: StackOptions["ports"];
  env: NodeJS.ProcessEnv;
  lines: string[];
  exited: Promise<number | null>;
  /** What Ctrl-C in a terminal does: the signal goes to the whole foreground process group. */
  pressCtrlC(): void;
  /** What `head` does after its last line. */
  stopReading(): void;
  /** SIGKILL to npm and the stack, which then cannot clean up. */
  kill(): void;
  /** Settles when a line matches. @throws Error with everything printed so far when none does in time */
  waitForLine(pattern: RegExp, timeoutMillis?: number): Promise<string>;
  /** Ends whatever is left, for the end of a test. */
  destroy(): Promise<void>;
}

export async function startByNpm(extra: NodeJS.ProcessEnv = {}): Promise<NpmStart> {
  const ports = {
    web: await claimPort(),
    order: await claimPort(),
    factory: await claimPort(),
    mailer: await claimPort(),
    compare: await claimPort(),
    smtp: await claimPort(),
    mails: await claimPort(),
  };
  const env = {
    ...compileCache,
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    WEB_PORT: String(ports.web),
    ORDER_PORT: String(ports.order),
    FACTORY_PORT: String(ports.factory),
    MAILER_PORT: String(ports.mailer),
    COMPARE_PORT: String(ports.compare),
    SMTP_PORT: String(ports.smtp),
    MAILS_PORT: String(ports.mails),
    FACTORY_DELAY_MILLIS: "50",
    ...extra,
  };
  const child = spawn("npm", ["start"], {
    cwd: workspaceRoot,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  let ended = false;
  const exited = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      ended = true;
      resolve(code);
    }),
  );
  return {
    ports,
    env,
    lines,
    exited,
    pressCtrlC: () => signalGroup(child, "SIGINT"),
    stopReading: () => void child.stdout.destroy(),
    kill: () => signalGroup(child, "SIGKILL"),
    waitForLine: async (pattern, timeoutMillis = 45_000) => {
      const line = await readUntil(
        () => Promise.resolve(lines.find((candidate) => pattern.test(candidate))),
        (found) => found !== undefined || ended,
        timeoutMillis,
      );
      if (line === undefined) throw new Error(`no line matches ${String(pattern)} in:\n${lines.join("\n")}`);
      return line;
    },
    destroy: async () => {
      signalGroup(child, "SIGTERM");
      await exited;
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
