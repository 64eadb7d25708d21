import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const recorded = join(root, "packages/comparison/test/recorded");

export interface RunningCompare {
  readonly url: string;
  readonly process: ChildProcess;
}

/** A compare server of its own, on a free port and in memory. */
export async function startCompare(env: NodeJS.ProcessEnv = {}): Promise<RunningCompare> {
  const child = fork(join(root, "apps/compare/src/main.ts"), {
    execArgv: ["--conditions=tracebridge-source", "--disable-warning=ExperimentalWarning"],
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
    silent: true,
  });
  child.stderr?.pipe(process.stderr);
  const [message] = (await once(child, "message")) as [{ url: string }];
  return { url: message.url, process: child };
}

/** Orders `alice`, which finishes, and `bob`, which fails; and a trace made by hand that only OTLP has. */
export type Recording = "order-finished" | "order-failed" | "special";

/** Sends what real services once sent, in the same order. */
export async function sendRecording(compareUrl: string, recording: Recording): Promise<void> {
  const folder = join(recorded, recording);
  for (const file of (await readdir(folder)).sort()) {
    const path = readPath(file);
    if (path === undefined) continue;
    const text = await readFile(join(folder, file), "utf8");
    const bodies = file.endsWith(".jsonl") ? text.split("\n").filter(Boolean) : [text];
    for (const body of bodies) await send(compareUrl + path, body);
  }
}

function readPath(file: string): string | undefined {
  if (file.endsWith(".envelope")) return "/api/1/envelope/";
  if (file === "otlp.json" || file === "otlp-traces.jsonl") return "/v1/traces";
  return file === "otlp-logs.jsonl" ? "/v1/logs" : undefined;
}

async function send(url: string, body: string): Promise<void> {
  const headers = url.includes("/v1/") ? { "content-type": "application/json" } : undefined;
  const { ok, status } = await fetch(url, { method: "POST", body, headers });
  if (!ok) throw new Error(`compare answered ${url} with status ${status}`);
}
