import { Agent, withoutTracing } from "./agent.ts";
import { isSentAgain } from "./exchange.ts";
import type { Exchange, PostFailure, PostResponse } from "./exchange.ts";

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly agent: Agent;
  /** Ends the whole exchange, the answer's last byte included. */
  readonly deadlineMillis: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one body; rejects when there is no complete answer before the deadline, with a `DeadlineError`, or `signal`
 * aborts. Never traced.
 */
export async function post(request: PostRequest): Promise<PostResponse> {
  const { url, body, agent, deadlineMillis, signal } = request;
  const headers = Object.entries(addCredentials(request.headers, url)).flat();
  const since = performance.now();
  return new Promise((resolve, reject) => {
    let exchange: Exchange | undefined;
    let wasStale = false;
    const settle = (tell: () => void): void => {
      signal.removeEventListener("abort", abort);
      tell();
    };
    const abort = (): void => exchange?.abort(signal.reason as Error);
    const onAnswer = (response: PostResponse): void => settle(() => resolve(response));
    const onFailure = (failure: PostFailure): void => {
      if (signal.aborted || !isSentAgain(failure, wasStale)) return settle(() => reject(failure.error));
      wasStale = failure.cause === "stale";
      send();
    };
    const send = (): void => {
      const path = url.pathname + url.search;
      const posting = { path, headers, body, since, deadlineMillis, isPipelined: false, onAnswer, onFailure };
      try {
        exchange = withoutTracing(() => agent.send(posting));
      } catch (error) {
        // Sent again out of an event, nobody else would catch it.
        settle(() => reject(error));
      }
    };
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    send();
  });
}

/** A name and password in an address are sent as `node:http` sends them: where no header says otherwise. */
function addCredentials(
  headers: PostRequest["headers"],
  { username, password }: URL,
): PostRequest["headers"] {
  if (username === "" && password === "") return headers;
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) return headers;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { ...headers, authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** For requests one after the other on each connection. */
export function createAgent(url: URL, maxConnections: number): Agent {
  return new Agent(url, { maxConnections, maxPipelined: 1 });
}
