import * as http from "node:http";
import * as https from "node:https";
import { ROOT_CONTEXT, context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

export interface PostResponse {
  readonly statusCode: number;
  readonly headers: { "x-sentry-rate-limits": string | null; "retry-after": string | null };
  /** As much of it as an answer to telemetry can sensibly have. */
  readonly body: Uint8Array;
}

/** There was no complete answer before the deadline. */
export class DeadlineError extends Error {}

const MAX_BODY_BYTES = 65_536;

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly agent: http.Agent;
  /** Ends the whole exchange, the answer's last byte included. */
  readonly deadlineMillis: number;
  readonly signal: AbortSignal;
}

/** Sends one body; rejects when there is no complete answer before the deadline. Never traced. */
export async function post(request: PostRequest): Promise<PostResponse> {
  const { deadlineMillis } = request;
  const deadline = new AbortController();
  // What has come while this process was busy is read first: a back end is not slow because its client is.
  const timer = setTimeout(() => setImmediate(() => deadline.abort()), deadlineMillis).unref();
  const signal = AbortSignal.any([request.signal, deadline.signal]);
  const send = () => context.with(suppressTracing(ROOT_CONTEXT), () => exchange(request, signal));
  try {
    return await send().catch((error: unknown) => {
      if (error instanceof StaleConnectionError && !signal.aborted) return send();
      throw error;
    });
  } catch (error) {
    // Node says no more than that the operation was aborted.
    if (deadline.signal.aborted)
      throw new DeadlineError(`no answer within ${deadlineMillis} ms`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The server closed an idle connection just as it was used again: nothing has arrived there.
 * @see https://nodejs.org/api/http.html#requestreusedsocket
 */
class StaleConnectionError extends Error {}

function exchange(request: PostRequest, signal: AbortSignal): Promise<PostResponse> {
  return new Promise((resolve, reject) => {
    const { request: open } = request.url.protocol === "https:" ? https : http;
    const { agent, headers, body } = request;
    const length = { "content-length": String(body.length) };
    const outgoing = open(request.url, { method: "POST", agent, signal, headers: { ...headers, ...length } });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && error.code === "ECONNRESET";
      reject(isStale ? new StaleConnectionError(error.message, { cause: error }) : error);
    });
    outgoing.on("response", (response) => {
      response.on("error", reject);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      });
      response.on("end", () => resolve(readResponse(response, Buffer.concat(chunks))));
    });
    outgoing.end(body);
  });
}

function readResponse(response: http.IncomingMessage, body: Uint8Array): PostResponse {
  return {
    body,
    statusCode: response.statusCode ?? 0,
    headers: {
      "x-sentry-rate-limits": readOne(response.headers["x-sentry-rate-limits"]),
      "retry-after": readOne(response.headers["retry-after"]),
    },
  };
}

function readOne(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(",") : (value ?? null);
}

export function createAgent(url: URL, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
}
