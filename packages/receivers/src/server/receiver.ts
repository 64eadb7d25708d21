import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { OtlpLog, OtlpSpan } from "../otlp/model.ts";
import type {
  SentryClientReport,
  SentryEnvelope,
  SentryEvent,
  SentryLog,
  SentrySpan,
} from "../sentry/model.ts";
import { readRequest, receive, type Arrivals, type ReceivedRequest } from "./routes.ts";

/** An answer of the test's own instead of the protocol's; what the request carries is then not recorded. */
export interface ScriptedResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds to wait before answering; `Infinity` never answers. */
  delayMillis?: number;
}

export interface ReceiverOptions extends Arrivals {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  respond?: (request: ReceivedRequest) => ScriptedResponse | undefined;
  /** Answers what belongs to neither protocol; without one that is 404. */
  fallback?: RequestListener;
}

/** An HTTP server that speaks Sentry's envelope protocol and OTLP, and keeps everything it received in memory. */
export interface Receiver {
  port: number;
  url: string;
  /** A DSN whose project is 1. */
  dsn: string;
  sentry: {
    envelopes: (SentryEnvelope & { requestHeaders: IncomingMessage["headers"] })[];
    spans: SentrySpan[];
    events: SentryEvent[];
    logs: SentryLog[];
    clientReports: SentryClientReport[];
  };
  otlp: { spans: OtlpSpan[]; logs: OtlpLog[]; requests: ReceivedRequest[] };
  /**
   * Settles as soon as `condition` holds; looked at now and after every arrival.
   *
   * @throws Error on time-out that says what did arrive
   */
  waitFor(
    description: string,
    condition: (receiver: Receiver) => boolean,
    timeoutMillis?: number,
  ): Promise<void>;
  /** Forgets what has arrived. */
  reset(): void;
  close(): Promise<void>;
}

/** @throws Error (`EADDRINUSE`, …) when the port cannot be listened on */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const host = options.host ?? "127.0.0.1";
  const waiting = new Set<() => void>();
  const store = createStore();
  const arrivals = recordArrivals(store, options, () => {
    for (const look of waiting) look();
  });
  const server = createServer((request, response) => {
    const received = readRequest(request);
    if (!received) {
      if (options.fallback) options.fallback(request, response);
      else response.writeHead(404).end();
      return;
    }
    const scripted = options.respond?.(received);
    if (scripted) answerAsScripted(scripted, request, response);
    else void receive(received, request, response, arrivals);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const receiver: Receiver = {
    port,
    url: `http://${host}:${port}`,
    dsn: `http://public@${host}:${port}/1`,
    ...store,
    waitFor: (description, condition, timeoutMillis = 15_000) =>
      waitForArrival(receiver, waiting, description, condition, timeoutMillis),
    reset: () => {
      for (const list of [...Object.values(store.sentry), ...Object.values(store.otlp)]) list.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

type Store = Pick<Receiver, "sentry" | "otlp">;

function createStore(): Store {
  return {
    sentry: { envelopes: [], spans: [], events: [], logs: [], clientReports: [] },
    otlp: { spans: [], logs: [], requests: [] },
  };
}

function recordArrivals(store: Store, options: ReceiverOptions, arrived: () => void): Arrivals {
  return {
    onFailure: options.onFailure,
    onEnvelope: async (envelope, request, body) => {
      await options.onEnvelope?.(envelope, request, body);
      store.sentry.envelopes.push({ ...envelope, requestHeaders: request.headers });
      for (const span of envelope.spans) store.sentry.spans.push(span);
      for (const event of envelope.events) store.sentry.events.push(event);
      for (const log of envelope.logs) store.sentry.logs.push(log);
      for (const report of envelope.clientReports) store.sentry.clientReports.push(report);
      arrived();
    },
    onOtlpTraces: async (spans, request, body) => {
      await options.onOtlpTraces?.(spans, request, body);
      store.otlp.requests.push(request);
      for (const span of spans) store.otlp.spans.push(span);
      arrived();
    },
    onOtlpLogs: async (logs, request, body) => {
      await options.onOtlpLogs?.(logs, request, body);
      store.otlp.requests.push(request);
      for (const log of logs) store.otlp.logs.push(log);
      arrived();
    },
  };
}

function answerAsScripted(
  scripted: ScriptedResponse,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume();
  if (scripted.delayMillis === Infinity) return;
  const answer = (): void => {
    response.writeHead(scripted.status, scripted.headers).end(scripted.body ?? "");
  };
  if (!scripted.delayMillis) answer();
  else {
    const timer = setTimeout(answer, scripted.delayMillis);
    response.once("close", () => clearTimeout(timer));
  }
}

function waitForArrival(
  receiver: Receiver,
  waiting: Set<() => void>,
  description: string,
  condition: (receiver: Receiver) => boolean,
  timeoutMillis: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      waiting.delete(look);
      clearTimeout(deadline);
      if (error) reject(error);
      else resolve();
    };
    const look = (): void => {
      try {
        if (condition(receiver)) settle();
      } catch (error) {
        settle(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const deadline = setTimeout(
      () =>
        settle(new Error(`${description}: not within ${timeoutMillis} ms. ${describeArrivals(receiver)}`)),
      timeoutMillis,
    );
    waiting.add(look);
    look();
  });
}

function describeArrivals({ sentry, otlp }: Receiver): string {
  const names = (spans: readonly { name: string; service?: string }[]): string =>
    spans
      .slice(-20)
      .map((span) => `${span.service ?? "?"}: ${span.name}`)
      .join(", ");
  return [
    `Arrived at Sentry: ${sentry.spans.length} spans, ${sentry.events.length} errors, ${sentry.logs.length} logs`,
    `(${names(sentry.spans)});`,
    `at OTLP: ${otlp.spans.length} spans, ${otlp.logs.length} logs (${names(otlp.spans)}).`,
  ].join(" ");
}
