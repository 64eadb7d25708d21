import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startBroker, startDatabase } from "@tracebridge/embedded";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { compileCache } from "../../../../test/compile-cache.ts";

export interface AppRun {
  /** All that arrived until the process had ended. */
  readonly sentry: Receiver["sentry"];
  readonly stderr: string;
  readonly exitCode: number | null;
}

const KILL_AFTER_MILLIS = 25_000;

/** Runs the application to its end with servers of its own, watched by what `register` starts. */
export async function runApp(register: string, env: Readonly<Record<string, string>> = {}): Promise<AppRun> {
  const servers = [await startReceiver(), await startBroker(), await startDatabase()] as const;
  const [receiver, broker, database] = servers;
  try {
    const { stderr, exitCode } = await runProcess(register, {
      SENTRY_DSN: receiver.dsn,
      AMQP_URL: broker.url,
      MONGO_URL: database.url,
      ...env,
    });
    return { sentry: receiver.sentry, stderr, exitCode };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

function runProcess(
  register: string,
  env: Readonly<Record<string, string>>,
): Promise<{ stderr: string; exitCode: number | null }> {
  const file = fileURLToPath(new URL("./app.ts", import.meta.url));
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const args = ["--conditions=tracebridge-source", "--import", register, file];
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...compileCache, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MILLIS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ stderr, exitCode });
    });
  });
}
