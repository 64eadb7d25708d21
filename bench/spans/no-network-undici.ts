import { createRequire } from "node:module";
import { noteRequest } from "./sent-requests.ts";

interface DispatchOptions {
  path: string;
  headers?: object;
  body?: unknown;
}

/** Undici has two kinds. https://github.com/nodejs/undici/blob/main/docs/docs/api/Dispatcher.md#parameter-dispatchhandler */
interface DispatchHandler {
  onRequestStart?(controller: object, context: object): void;
  onResponseStart?(controller: object, statusCode: number, headers: object, statusText: string): void;
  onResponseEnd?(controller: object, trailers: object): void;
  onConnect?(abort: () => void): void;
  onHeaders?(statusCode: number, headers: readonly Buffer[], resume: () => void, statusText: string): boolean;
  onComplete?(trailers: readonly string[]): void;
}

type Dispatch = (options: DispatchOptions, handler: DispatchHandler) => boolean;

/** As `no-network.ts` does for `node:http`, where the peer has undici. */
export function answerUndici(): void {
  const undici = loadUndici();
  for (const one of [undici?.Client, undici?.Pool, undici?.Agent]) if (one) one.prototype.dispatch = dispatch;
}

function loadUndici():
  | Record<"Client" | "Pool" | "Agent", { prototype: { dispatch: Dispatch } }>
  | undefined {
  try {
    return createRequire(process.env["BENCH_PACKAGES"] ?? import.meta.url)("undici");
  } catch {
    return undefined;
  }
}

function dispatch({ path, headers = {}, body }: DispatchOptions, handler: DispatchHandler): boolean {
  noteRequest(path, headers, readChunks(body));
  setImmediate(() => {
    handler.onConnect?.(doNothing);
    handler.onHeaders?.(200, [], doNothing, "OK");
    handler.onComplete?.([]);
    const controller = {
      resume: doNothing,
      pause: doNothing,
      abort: doNothing,
      paused: false,
      aborted: false,
    };
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 200, {}, "OK");
    handler.onResponseEnd?.(controller, {});
  });
  return true;
}

function readChunks(body: unknown): Uint8Array[] {
  if (typeof body === "string") return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [body];
  throw new Error("a body that is neither text nor bytes");
}

function doNothing(): void {}
