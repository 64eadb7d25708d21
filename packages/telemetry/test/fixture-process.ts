import { spawn } from "node:child_process";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import type { TelemetryStats } from "@tracebridge/telemetry";
import { compileCache } from "../../../test/compile-cache.ts";

/** Variables for a fixture, or how to make them from the receiver's address. */
export type FixtureEnv = Record<string, string> | ((receiver: Receiver) => Record<string, string>);

export interface FixtureOptions {
  /** A file in test/fixtures, or an absolute path; default `work.ts`. */
  readonly fixture?: string;
  /** A file in test/fixtures that starts telemetry in place of `register`. */
  readonly preload?: string;
  readonly receiver?: ReceiverOptions;
  /** When to end the standard input, which tells the `idle.ts` fixture to end; sees the warnings so far. */
  readonly endWhen?: (warnings: readonly string[]) => boolean;
}

/** What the `work.ts` fixture says about itself. */
interface FixtureReport {
  readonly seen: readonly { readonly carrier: Record<string, string>; readonly traceId?: string }[];
  readonly recording: boolean;
  readonly deliveredBeforeShutdown: Readonly<Record<string, number>>;
  readonly stats?: TelemetryStats;
}

export interface FixtureRun {
  /** All that arrived until the process had ended. */
  readonly receiver: Receiver;
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The JSON log lines of pino. */
  readonly logLines: readonly Record<string, unknown>[];
  /** What telemetry said on standard error. */
  readonly warnings: readonly string[];
  readonly stderr: string;
  /** Throws when the fixture did not get as far as its report. */
  readonly report: FixtureReport;
}

const KILL_AFTER_MILLIS = 50_000;

/**
 * Runs a fixture as a real process, started as the README says, with nothing in its environment but `env`. The
 * fixture shuts telemetry down, so when it has ended everything has arrived that ever will.
 */
export async function runFixture(env: FixtureEnv, options: FixtureOptions = {}): Promise<FixtureRun> {
  const receiver = await startReceiver(options.receiver);
  try {
    const variables = typeof env === "function" ? env(receiver) : env;
    const { exitCode, stdout, stderr } = await runProcess(options, variables);
    const lines = readJsonLines(stdout);
    return {
      receiver,
      exitCode,
      stdout,
      stderr,
      logLines: lines.filter((line) => "level" in line),
      warnings: readWarnings(stderr),
      get report() {
        // Anywhere among the lines: pino writes in the background, so its lines may come later.
        const line = lines.find((candidate) => "fixture" in candidate);
        if (!line) throw new Error(`no report; exit code ${exitCode}\n${stdout}\n${stderr}`);
        return line["fixture"] as FixtureReport;
      },
    };
  } finally {
    await receiver.close();
  }
}

/** Sends spans and logs over OTLP to the receiver. */
export function toOtlp(receiver: Receiver): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
}

/** Sends everything to both: to OTLP, and to Sentry's envelope endpoint. */
export function toBoth(receiver: Receiver): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, SENTRY_DSN: receiver.dsn };
}

function runProcess(
  { fixture = "work.ts", preload, endWhen }: FixtureOptions,
  env: Record<string, string>,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const locate = (name: string) =>
    isAbsolute(name) ? name : fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
  const start = preload === undefined ? "@tracebridge/telemetry/register" : locate(preload);
  const args = ["--conditions=tracebridge-source", "--import", start, locate(fixture)];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...compileCache, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (!endWhen) child.stdin.end();
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output.stderr += chunk;
    if (endWhen?.(readWarnings(output.stderr))) child.stdin.end();
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MILLIS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, ...output });
    });
  });
}

function readWarnings(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.startsWith("[tracebridge]"));
}

function readJsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith('{"'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
}
