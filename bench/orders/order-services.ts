import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ServerUrls } from "../../apps/stack/src/plan.ts";
import { claimPort } from "../../packages/embedded/src/ports.ts";
import { forkHelper, nextMessage, type MeasuredProcess } from "../measure/measured-process.ts";
import { readProcessCpuMicros } from "../measure/process-cpu.ts";
import { startPeer, type Peer } from "../peers.ts";
import type { SenderAddress } from "../receiver/address.ts";
import { watchFinishedOrders, type FinishedOrders } from "./finished-orders.ts";

/** The services of the order flow; mailer has no part in it. */
export const serviceNames = ["web", "order", "factory"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Web, order and factory under one peer, with a broker and a database of their own. */
export interface OrderServices {
  webUrl: string;
  finishedOrders: FinishedOrders;
  /** Of the three services: all threads, all child processes. */
  readCpuMicros(): Promise<number>;
  /** Of the broker and the database, which stand for servers that a peer does not trace. */
  readServerCpuMicros(): Promise<number>;
  /** Of the clock that V8's profiles have, in each service. */
  readClockMicros(): Promise<Record<ServiceName, number>>;
  /** Sends what telemetry holds back in each service. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface Service {
  name: ServiceName;
  process: MeasuredProcess;
  url: string;
}

export interface OrderServicesOptions {
  address: SenderAddress;
  /** Of Node in each service, beside those of the peer. */
  nodeArguments?: (service: ServiceName) => readonly string[];
}

const readyTimeoutMillis = 60_000;
/** What a time at which an order was seen finished may be late by. */
export const lookMillis = 2;

export async function startOrderServices(peer: Peer, options: OrderServicesOptions): Promise<OrderServices> {
  const servers = forkHelper(new URL("../../packages/embedded/src/main.ts", import.meta.url));
  const services: Service[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(services.map(({ process }) => process.stop()));
    const exited = once(servers, "exit");
    servers.disconnect();
    await exited;
  };
  try {
    const urls = await nextMessage<Omit<ServerUrls, "smtpUrl">>(servers);
    for (const name of serviceNames)
      services.push(startService(name, await claimPort(), { peer, urls, ...options }));
    await Promise.all(services.map(waitUntilReady));
    const finishedOrders = await watchFinishedOrders(urls.mongoUrl, lookMillis);
    const close = async (): Promise<void> => {
      await finishedOrders.close();
      await stop();
    };
    return createOrderServices({ services, servers, finishedOrders, stop: close });
  } catch (error) {
    await stop();
    throw error;
  }
}

function createOrderServices(parts: {
  services: readonly Service[];
  servers: ChildProcess;
  finishedOrders: FinishedOrders;
  stop: () => Promise<void>;
}): OrderServices {
  const { services, servers, finishedOrders, stop } = parts;
  return {
    webUrl: services.find(({ name }) => name === "web")?.url ?? "",
    finishedOrders,
    readCpuMicros: async () => {
      const micros = await Promise.all(services.map(({ process }) => process.readCpuMicros()));
      return micros.reduce((sum, one) => sum + one, 0);
    },
    readServerCpuMicros: () => readProcessCpuMicros(servers.pid ?? 0),
    readClockMicros: async () => {
      const micros = { web: 0, order: 0, factory: 0 };
      for (const { name, process } of services) micros[name] = await process.readClockMicros();
      return micros;
    },
    flush: async () => void (await Promise.all(services.map(({ process }) => process.flush()))),
    stop,
  };
}

function startService(
  name: ServiceName,
  port: number,
  {
    peer,
    urls,
    address,
    nodeArguments,
  }: OrderServicesOptions & { peer: Peer; urls: Omit<ServerUrls, "smtpUrl"> },
): Service {
  const process = startPeer(peer, address, {
    program: fileURLToPath(new URL(`apps/${name}/src/main.ts`, peer.checkout)),
    nodeArguments: ["--conditions=tracebridge-source", ...(nodeArguments?.(name) ?? [])],
    env: {
      OTEL_SERVICE_NAME: name,
      // Sentry's SDKs send no logs unless told to: traces alone are compared.
      OTEL_LOGS_EXPORTER: "none",
      FACTORY_DELAY_MILLIS: "0",
      // Web does not start without one; nobody resets a password here.
      RESET_TOKEN_SECRET: "of-a-bench-that-resets-no-password",
      AMQP_URL: urls.amqpUrl,
      MONGO_URL: urls.mongoUrl,
      PORT: String(port),
    },
  });
  return { name, process, url: `http://127.0.0.1:${port}` };
}

async function waitUntilReady({ name, process, url }: Service): Promise<void> {
  const deadline = performance.now() + readyTimeoutMillis;
  for (;;) {
    const response = await fetch(`${url}/readiness`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    if (process.child.exitCode !== null) throw new Error(`${name} ended at its start`);
    if (performance.now() > deadline) throw new Error(`${name} did not become ready`);
    await sleep(50);
  }
}
