import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "../config/config-error.ts";
import type { Logger } from "@tracebridge/telemetry/logger";

interface HttpServer {
  /** `http://HOST:PORT`, with the port that was really taken. */
  url: string;
  /** Accepts nothing more and waits for the requests under way; cuts them off after `timeoutMillis`. */
  close(timeoutMillis: number): Promise<void>;
}

const requestTimeoutMillis = 30_000;
const idleCheckMillis = 50;

/**
 * Listens.
 *
 * @throws ConfigError when the address cannot be had
 */
export async function startHttpServer(
  server: Server,
  options: { host: string; port: number; logger: Logger },
): Promise<HttpServer> {
  server.requestTimeout = requestTimeoutMillis;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(describeListenError(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`;
  options.logger.info({ url }, "Listening");
  return { url, close: (timeoutMillis) => closeServer(server, timeoutMillis) };
}

async function closeServer(server: Server, timeoutMillis: number): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  const deadline = AbortSignal.timeout(timeoutMillis);
  const stopped = new AbortController();
  void closed.promise.then(() => stopped.abort());
  while (!deadline.aborted && !stopped.signal.aborted) {
    // A connection becomes idle when its last answer is out; browsers keep it open for seconds after.
    server.closeIdleConnections();
    await sleep(idleCheckMillis, undefined, { signal: stopped.signal }).catch(() => undefined);
  }
  server.closeAllConnections();
  await closed.promise;
}

function describeListenError(error: Error, { host, port }: { host: string; port: number }): Error {
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new ConfigError([
      `PORT="${port}" is taken on ${host}: stop the program that uses it, or set PORT to another port.`,
    ]);
  }
  if (code === "EACCES") {
    return new ConfigError([`PORT="${port}" may not be used by this user: set PORT to one above 1023.`]);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ConfigError([
      `HOST="${host}" is not an address of this machine: set HOST to one, for example 127.0.0.1.`,
    ]);
  }
  return error;
}
