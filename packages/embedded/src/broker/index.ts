import { once } from "node:events";
import { createServer, isIP, type AddressInfo } from "node:net";
import { AmqpError } from "./errors.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { VirtualHost } from "./model/virtual-host.ts";
import { Connection } from "./wire/connection.ts";

export interface BrokerOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** A loopback address; 127.0.0.1 unless told otherwise. */
  host?: string;
  /** For tests: smaller limits and shorter times than RabbitMQ's. */
  limits?: Partial<Limits>;
}

export interface Broker {
  /** amqp://guest:guest@HOST:PORT */
  url: string;
  port: number;
  /** Closes every connection (320, CONNECTION_FORCED) and the port. Messages are gone. */
  close(): Promise<void>;
}

/**
 * Starts an AMQP 0-9-1 broker in this process: a stand-in for RabbitMQ in development and tests, in memory only.
 * Rejects with the error of `listen` (EADDRINUSE for a busy port) and for a host that is not loopback.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { port = 0, host = "127.0.0.1" } = options;
  if (!isLoopback(host))
    throw new Error(`the embedded broker listens on loopback addresses only, not on ${host}`);
  const limits = { ...defaultLimits, ...options.limits };
  const vhost = new VirtualHost();
  const connections = new Set<Connection>();
  const login = { user: "guest", password: "guest" };
  const server = createServer((socket) => {
    const onEnd = (): void => void connections.delete(connection);
    const connection = new Connection(socket, { vhost, limits, login, onEnd });
    connections.add(connection);
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const reason = new AmqpError(320, "broker forced connection closure with reason 'shutdown'");
    for (const connection of connections) connection.close(reason);
    vhost.close();
    await closed;
  };
  return {
    url: `amqp://guest:guest@${isIP(host) === 6 ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: () => (closing ??= close()),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
