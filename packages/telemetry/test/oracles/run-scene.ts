import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { compileCache } from "../../../../test/compile-cache.ts";

export interface SceneRun {
  /** All that arrived until the process had ended. */
  readonly receiver: Receiver;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

const KILL_AFTER_MILLIS = 25_000;
const REGISTER = {
  sentry: fileURLToPath(new URL("./sentry-register.ts", import.meta.url)),
  ours: "@tracebridge/telemetry/register",
} as const;

/** Runs a program that uses OpenTelemetry's functions in a process of its own, with Sentry's parts behind them or ours. */
export async function runScene(
  file: string,
  side: keyof typeof REGISTER,
  env: (receiver: Receiver) => Readonly<Record<string, string>> = () => ({}),
): Promise<SceneRun> {
  const receiver = await startReceiver();
  const settings = {
    ...compileCache,
    SENTRY_DSN: receiver.dsn,
    SENTRY_RELEASE: "oracle@1",
    SENTRY_ENVIRONMENT: "oracle",
    SENTRY_TRACES_SAMPLE_RATE: "1",
    OTEL_SERVICE_NAME: "oracle",
    ...env(receiver),
  };
  const args = ["--conditions=tracebridge-source", "--import", REGISTER[side], file];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const options = { cwd, env: settings, timeout: KILL_AFTER_MILLIS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) => {
      void receiver.close().then(() => resolve({ receiver, stdout, stderr, exitCode: child.exitCode }));
    });
  });
}
