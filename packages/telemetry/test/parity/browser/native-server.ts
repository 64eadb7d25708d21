import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { decodeEnvelope, type Envelope } from "@tracebridge/receivers";
import { build } from "vite";

/** A request of the page, by what it says of traces. */
interface TracedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What arrived between two steps of the visit. */
export interface Arrived {
  readonly requests: TracedRequest[];
  readonly envelopes: Envelope[];
}

export interface NativeServer {
  readonly url: string;
  /** What arrived since the last call. */
  readonly takeArrived: () => Arrived;
  readonly close: () => void;
}

const tunnel = "/tb/e";
const tracingHeaders = ["sentry-trace", "baggage", "traceparent"];
const assets: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/style.css": ["text/css", "body { margin: 20px }"],
  "/logo.svg": [
    "image/svg+xml",
    '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100" height="100"/></svg>',
  ],
};

/** Builds the page with Sentry's own SDK and serves it with the tunnel it sends to. */
export async function startNativeServer(): Promise<NativeServer> {
  const html = await readFile(new URL("native-page.html", import.meta.url), "utf8");
  const script = await buildScript();
  let arrived: Arrived = { requests: [], envelopes: [] };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      if (path === tunnel) arrived.envelopes.push(decodeEnvelope(body));
      else if (path !== "/favicon.ico") arrived.requests.push(readTracedRequest(request));
      answer(
        path,
        { "/": ["text/html", html], "/page.js": ["text/javascript", script], ...assets },
        response,
      );
    });
  });
  // Both names of the loopback interface lead here: the page's origin and another one.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeArrived: () => {
      const taken = arrived;
      arrived = { requests: [], envelopes: [] };
      return taken;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function buildScript(): Promise<string> {
  const input = fileURLToPath(new URL("native-page.js", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, target: "esnext", rolldownOptions: { input } },
  });
  if (!("output" in built)) throw new Error("one output was asked for");
  return built.output[0].code;
}

function answer(
  path: string,
  files: Readonly<Record<string, readonly [type: string, body: string]>>,
  response: ServerResponse,
): void {
  const [type, body] = files[path] ?? ["application/json", "{}"];
  response.writeHead(path.startsWith("/missing") ? 404 : 200, { "content-type": type }).end(body);
}

function readTracedRequest({ method = "", url = "", headers }: IncomingMessage): TracedRequest {
  const traced = tracingHeaders.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return { method, url: `${headers.host ?? ""}${url}`, headers: Object.fromEntries(traced) };
}
