import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type * as Undici from "undici";

type ConnectOptions = Undici.buildConnector.Options;
type ConnectCallback = Undici.buildConnector.Callback;

/** Opens a socket as undici does, TLS sessions used again included; undici's types forget that it returns it. */
export type OpenSocket = (options: ConnectOptions, callback: ConnectCallback) => Socket;

/**
 * The two parts of undici that are needed. Its main file would take three times as long to load, and would put its own
 * dispatcher in the place of the one of Node's `fetch`, for the whole application.
 * docs/adr/0013-envelopes-through-undici.md
 */
export function loadClient(): typeof Undici.Client {
  return createRequire(import.meta.url)("undici/lib/dispatcher/client.js") as typeof Undici.Client;
}

export function createOpenSocket(): OpenSocket {
  const load = createRequire(import.meta.url);
  const buildConnector = load("undici/lib/core/connect.js") as typeof Undici.buildConnector;
  // Whoever opens it has a deadline of its own.
  return buildConnector({ timeout: 0 }) as OpenSocket;
}
