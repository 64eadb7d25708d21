import { type AddressInfo, createServer, isIPv4, type Socket } from "node:net";
import { Cursors } from "./commands/cursors.ts";
import { runCommand, type Server } from "./commands/run.ts";
import { serveConnection } from "./connection.ts";
import { Store } from "./store/store.ts";

const DEFAULT_HOST = "127.0.0.1";
/** MongoDB removes expired documents once a minute; a stand-in for tests need not let them wait. */
const HOUSEKEEPING_MILLIS = 1000;
const MAX_CONNECTIONS = 1000;

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

export interface EmbeddedDatabase {
  /** `mongodb://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Closes every connection and forgets everything stored. */
  close(): Promise<void>;
}

/**
 * Starts a MongoDB-wire database in this process: a stand-in for development and tests, in memory, without users.
 * `port` 0 (the default) takes a free one. Rejects with the system's error when it cannot listen (EADDRINUSE), and
 * for a host that is not loopback.
 */
export async function startDatabase(
  options: { port?: number; host?: string } = {},
): Promise<EmbeddedDatabase> {
  const { port = 0, host = DEFAULT_HOST } = options;
  if (!isLoopback(host)) {
    throw new Error(`the embedded database listens on loopback addresses only, not on ${host}`);
  }
  const sockets = new Set<Socket>();
  const server: Server = {
    store: new Store(),
    cursors: new Cursors(),
    startedAtMillis: Date.now(),
    connectionCount: () => sockets.size,
  };
  let lastConnectionId = 0;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    lastConnectionId += 1;
    const connectionId = lastConnectionId;
    serveConnection(socket, (command) => runCommand(server, command, connectionId));
  });
  listener.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, resolve);
  });
  const housekeeping = setInterval(() => {
    server.store.removeExpired(Date.now());
    server.cursors.removeIdle(Date.now());
  }, HOUSEKEEPING_MILLIS).unref();
  const actualPort = (listener.address() as AddressInfo).port;
  return {
    url: `mongodb://${host.includes(":") ? `[${host}]` : host}:${actualPort}`,
    port: actualPort,
    close: async () => {
      clearInterval(housekeeping);
      const closed = new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
