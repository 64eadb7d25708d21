import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compileCache } from "../../../../test/compile-cache.ts";
import { waitUntil } from "./wait.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

interface ServiceExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A service as a real process, with telemetry off. */
export interface ServiceProcess {
  /** `http://127.0.0.1:PORT` once it listens. */
  url(): Promise<string>;
  /** Its JSON log lines so far. */
  lines: Record<string, unknown>[];
  /** What it wrote that is no JSON line, both streams. */
  text(): string;
  kill(signal: NodeJS.Signals): void;
  /** Closes the IPC channel, as a parent that dies does. */
  disconnect(): void;
  exited: Promise<ServiceExit>;
  /** Asks it to end, and makes it end. */
  stop(): Promise<ServiceExit>;
}

const stopTimeoutMillis = 15_000;

export function startServiceProcess(
  name: "web" | "order" | "factory" | "mailer",
  env: NodeJS.ProcessEnv,
): ServiceProcess {
  const child = spawn(process.execPath, ["--conditions=tracebridge-source", `apps/${name}/src/main.ts`], {
    cwd: root,
    env: {
      ...compileCache,
      PATH: process.env["PATH"],
      OTEL_SDK_DISABLED: "true",
      PORT: "0",
      RESET_TOKEN_SECRET: "a".repeat(32),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lines: Record<string, unknown>[] = [];
  const texts: string[] = [];
  const read = [child.stdout, child.stderr].map(async (stream) => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      if (line.startsWith("{")) lines.push(JSON.parse(line) as Record<string, unknown>);
      else texts.push(line);
    }
  });
  // Not "close": after `disconnect()` Node does not emit it.
  const exited: Promise<ServiceExit> = once(child, "exit").then(async ([code, signal]) => {
    await Promise.all(read);
    return { code, signal };
  });
  return {
    lines,
    text: () => texts.join("\n"),
    kill: (signal) => void child.kill(signal),
    disconnect: () => child.disconnect(),
    exited,
    url: async () => {
      const find = (): unknown => lines.find((line) => line["msg"] === "Listening")?.["url"];
      return String(await waitUntil(`${name} to listen`, find));
    },
    stop: async () => {
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMillis);
      child.kill("SIGTERM");
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/** The status code of a GET, or `undefined` when nobody answers. */
export async function readStatus(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

export async function waitUntilReady(service: ServiceProcess): Promise<string> {
  const url = await service.url();
  await waitUntil(
    `${url} to be ready`,
    () => readStatus(`${url}/readiness`),
    (status) => status === 200,
  );
  return url;
}
