import { createRequire } from "node:module";
import type { Client, Dispatcher } from "undici";
import { noteRequest } from "./sent-requests.ts";

type Handler = Dispatcher.DispatchHandler & {
  onConnect?(abort: () => void): void;
  onHeaders?(statusCode: number, headers: readonly Buffer[], resume: () => void, statusText: string): boolean;
  onComplete?(trailers: readonly string[]): void;
};

/**
 * As `no-network.ts` does for `node:http`, where the peer has undici. All of its dispatchers end in this class; its main
 * file would put a dispatcher of its own in the place of the one of `fetch`.
 */
export function answerUndici(): void {
  const client = loadClient();
  if (client) client.prototype.dispatch = dispatch;
}

function loadClient(): { prototype: Pick<Client, "dispatch"> } | undefined {
  try {
    const load = createRequire(process.env["BENCH_PACKAGES"] ?? import.meta.url);
    return load("undici/lib/dispatcher/client.js") as { prototype: Client };
  } catch {
    return undefined;
  }
}

/** To both kinds of handlers. https://undici.nodejs.org/#/docs/api/Dispatcher */
function dispatch({ path, headers, body }: Dispatcher.DispatchOptions, handler: Handler): boolean {
  noteRequest(path, readHeaders(headers), readChunks(body));
  setImmediate(() => {
    handler.onConnect?.(doNothing);
    handler.onHeaders?.(200, [], doNothing, "OK");
    handler.onComplete?.([]);
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 200, {}, "OK");
    handler.onResponseEnd?.(controller, {});
  });
  return true;
}

const controller: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: doNothing,
  pause: doNothing,
  resume: doNothing,
};

function readHeaders(headers: Dispatcher.DispatchOptions["headers"]): object {
  if (!Array.isArray(headers)) return headers ?? {};
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : [])));
}

function readChunks(body: unknown): Uint8Array[] {
  if (typeof body === "string") return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [body];
  throw new Error("a body that is neither text nor bytes");
}

function doNothing(): void {}
