import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../config/index.ts";
import type { ProblemKey } from "../problems/index.ts";

const ATTEMPTS = 5;
/** A back end that starts beside the service needs a moment. */
const PAUSE_MILLIS = 1_000;
const CONNECT_MILLIS = 3_000;

export interface Endpoint {
  readonly signal: "traces" | "logs" | "sentry";
  /** What goes there, in words. */
  readonly items: string;
  /** What is reported once under this key, by whoever finds it first. */
  readonly key: ProblemKey;
  readonly variable: string;
  readonly url: string;
}

/** Where this configuration sends to. */
export function listEndpoints({ traces, logs, sentry }: Config): Endpoint[] {
  const endpoints: Endpoint[] = [];
  if (traces.exporters.has("otlp")) {
    const { url, urlVariable: variable } = traces.otlp;
    endpoints.push({ signal: "traces", items: "OTLP spans", key: "otlp:spans", variable, url });
  }
  if (logs.exporters.has("otlp")) {
    const { url, urlVariable: variable } = logs.otlp;
    endpoints.push({ signal: "logs", items: "OTLP log records", key: "otlp:log records", variable, url });
  }
  if (sentry) {
    const key = "sentry-unreachable";
    endpoints.push({ signal: "sentry", items: "envelopes", key, variable: "SENTRY_DSN", url: sentry.dsn });
  }
  return endpoints;
}

/**
 * Why nothing can be sent to `url`, after trying for a while; `undefined` when somebody answers there. The pause comes
 * first: it keeps no process alive, a connection under way does, and a process that ends at once needs none.
 */
export async function findLastingFault(url: string): Promise<string | undefined> {
  let fault: string | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await wait(PAUSE_MILLIS, undefined, { ref: false });
    fault = await findFault(url);
    if (fault === undefined) return undefined;
  }
  return fault;
}

/** Why nothing can be sent to `url` at the moment; `undefined` when somebody answers there. */
export function findFault(url: string): Promise<string | undefined> {
  return tryToConnect(new URL(url));
}

/** Names the host only: a DSN holds a key, and an address may hold a password. */
export function describeUnreachable({ variable, url }: Endpoint, fault: string): string {
  return `Nobody answers at ${new URL(url).host}: ${fault}. Check ${variable}.`;
}

function tryToConnect({ hostname, port, protocol }: URL): Promise<string | undefined> {
  const fallback = protocol === "https:" ? 443 : 80;
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    const socket = connect({ host, port: port === "" ? fallback : Number(port), timeout: CONNECT_MILLIS });
    const settle = (fault?: string): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.unref();
    socket.once("connect", () => settle());
    socket.once("timeout", () => settle(`no connection within ${CONNECT_MILLIS} ms`));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}
