import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { compileCache } from "../../../../test/compile-cache.ts";

type Sdk = "native" | "ours" | "w3c";
export type Transport = "http" | "amqp";
export type Headers = Readonly<Record<string, string>>;
type Env = Readonly<Record<string, string>>;

export interface ServicePlan {
  /** Sentry's own SDK, ours, or OpenTelemetry alone. */
  readonly sdk: Sdk;
  readonly env?: Env;
}

/** A service of the chain after its end. */
export interface ServiceRun {
  readonly sdk: Sdk;
  /** All that it sent. */
  readonly receiver: Receiver;
  /** The headers that arrived, of which the head has none. */
  readonly headers: Readonly<Partial<Record<Transport, Headers>>>;
  readonly exitCode: number | null;
  readonly stderr: string;
}

export interface RunningService {
  readonly url: Promise<string>;
  /** Settles when a request or message of this kind has arrived. */
  readonly arrival: Readonly<Record<Transport, Promise<Headers>>>;
  readonly end: () => Promise<ServiceRun>;
}

type Said = { readonly url: string } | { readonly arrived: Transport; readonly headers: Headers };

const KILL_AFTER_MILLIS = 45_000;
const REGISTER: Readonly<Record<Sdk, string>> = {
  native: fileURLToPath(new URL("./native-register.ts", import.meta.url)),
  ours: "@tracebridge/telemetry/register",
  w3c: fileURLToPath(new URL("./w3c-register.ts", import.meta.url)),
};

export function queueOf(index: number): string {
  return `hop-${index}`;
}

/** Starts one service with a receiver of its own, which takes all that it sends. */
export async function startService(
  { sdk, env }: ServicePlan,
  index: number,
  brokerUrl: string,
): Promise<RunningService> {
  const receiver = await startReceiver();
  const child = spawnService(sdk, {
    AMQP_URL: brokerUrl,
    QUEUE: queueOf(index),
    ...createSettings(sdk, index, receiver),
    ...env,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const { said, url, arrival, fail } = createExpectations();
  createInterface(child.stdout).on("line", (line) => said(JSON.parse(line) as Said));
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MILLIS);
  const ended = new Promise<ServiceRun>((resolve) => {
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      const headers = fail(new Error(`the service ended: ${sdk}`));
      void receiver.close().then(() => resolve({ sdk, receiver, headers, exitCode, stderr }));
    });
  });
  const end = (): Promise<ServiceRun> => {
    child.stdin.end();
    return ended;
  };
  return { url, arrival, end };
}

/** Every service has a release and an environment of its own, so that it shows whose sampling context arrived. */
function createSettings(sdk: Sdk, index: number, receiver: Receiver): Env {
  return {
    OTEL_SERVICE_NAME: `service-${index}`,
    ...(sdk !== "native" && { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
    ...(sdk !== "w3c" && {
      SENTRY_DSN: receiver.dsn,
      SENTRY_RELEASE: `service-${index}@1`,
      SENTRY_ENVIRONMENT: `environment-${index}`,
      SENTRY_TRACES_SAMPLE_RATE: "1",
    }),
  };
}

/** What a service is waited for to say; `fail` ends the waiting and returns the headers that arrived until then. */
function createExpectations() {
  const url = Promise.withResolvers<string>();
  const arrival = { http: Promise.withResolvers<Headers>(), amqp: Promise.withResolvers<Headers>() };
  const headers: Partial<Record<Transport, Headers>> = {};
  const all = [url, arrival.http, arrival.amqp];
  for (const { promise } of all) promise.catch(() => undefined);
  return {
    url: url.promise,
    arrival: { http: arrival.http.promise, amqp: arrival.amqp.promise },
    said: (what: Said) => {
      if ("url" in what) return url.resolve(what.url);
      headers[what.arrived] = what.headers;
      arrival[what.arrived].resolve(what.headers);
    },
    fail: (reason: Error) => {
      for (const { reject } of all) reject(reason);
      return headers;
    },
  };
}

function spawnService(sdk: Sdk, env: Env) {
  const file = fileURLToPath(new URL("./service.ts", import.meta.url));
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const args = ["--conditions=tracebridge-source", "--import", REGISTER[sdk], file];
  return spawn(process.execPath, args, {
    cwd,
    env: { ...compileCache, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}
