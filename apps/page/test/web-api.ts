import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export interface ApiAnswer {
  readonly status: number;
  /** Sent as JSON; a string goes out as it is, as HTML. */
  readonly body?: unknown;
  readonly headers?: OutgoingHttpHeaders;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Parsed when it is JSON, otherwise its text. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

export interface WebApi {
  readonly url: string;
  /** Everything that arrived, in order, except what `fallback` took. */
  readonly requests: ApiRequest[];
  /** `POST /order alice`, `GET /order/alice`: one word a call, easy to compare. */
  calls(): string[];
  close(): Promise<void>;
}

/** Says how to answer; undefined leaves the request without an answer until the server closes. */
export type Respond = (request: ApiRequest) => ApiAnswer | undefined;

/** A server on a free loopback port that plays the web service over real HTTP. */
export async function startWebApi(
  respond: Respond,
  fallback?: (request: IncomingMessage, response: ServerResponse) => boolean,
  port = 0,
): Promise<WebApi> {
  const requests: ApiRequest[] = [];
  const server = createServer((incoming, response) => {
    if (fallback?.(incoming, response)) return;
    void readBody(incoming).then((text) => {
      const request = readRequest(incoming, text);
      requests.push(request);
      const answer = respond(request);
      if (answer !== undefined) send(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    requests,
    calls: () =>
      requests.map(({ method, path, body }) => [method, path, readId(body)].filter(Boolean).join(" ")),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function readRequest(incoming: IncomingMessage, text: string): ApiRequest {
  const { method = "", url = "", headers } = incoming;
  const isJson = headers["content-type"]?.startsWith("application/json") === true;
  const body: unknown = isJson ? JSON.parse(text) : text || undefined;
  return { method, path: url, body, headers };
}

function readId(body: unknown): string {
  const { id } = (body ?? {}) as { id?: unknown };
  return typeof id === "string" ? id : "";
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
