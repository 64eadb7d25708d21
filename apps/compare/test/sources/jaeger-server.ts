import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";

const recorded = new URL("../../../../packages/comparison/test/recorded/", import.meta.url);

export const finished = "e44df9e6204594677f64f376b1f35ddd";
export const failed = "43b930f546ba75a50c276a129e362fa9";

export function readRecorded(file: string): Buffer {
  return readFileSync(new URL(file, recorded));
}

/** What Jaeger answered, by path without parameters. */
const files: Record<string, { file: string; contentType: string }> = {
  [`/api/v3/traces/${finished}`]: {
    file: "order-finished/jaeger-v3.json",
    contentType: "text/plain; charset=utf-8",
  },
  [`/api/traces/${finished}`]: { file: "order-finished/jaeger-v1.json", contentType: "application/json" },
  [`/api/v3/traces/${failed}`]: {
    file: "order-failed/jaeger-v3.json",
    contentType: "text/plain; charset=utf-8",
  },
  [`/api/traces/${failed}`]: { file: "order-failed/jaeger-v1.json", contentType: "application/json" },
};

interface RecordedAnswer {
  path: string;
  status: number;
  contentType: string;
  body: string;
}

const answers = JSON.parse(readRecorded("jaeger/answers.json").toString()) as RecordedAnswer[];
const findAnswer = (path: string): RecordedAnswer | undefined =>
  answers.find((answer) => answer.path === path);

/** Answers with the recorded bytes, and what it has none for with its user interface, as Jaeger does. */
export const answerAsJaeger: RequestListener = (request, response) => {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const file = files[path];
  if (file) {
    response.writeHead(200, { "content-type": file.contentType }).end(readRecorded(file.file));
    return;
  }
  const isTrace = /^\/api(\/v3)?\/traces\/[0-9a-f]{32}$/.test(path);
  const known = isTrace ? path.replace(/[0-9a-f]{32}$/, "00000000000000000000000000000001") : path;
  const answer = findAnswer(known) ?? findAnswer("/api/v3/nothing");
  response.writeHead(answer?.status ?? 500, { "content-type": answer?.contentType }).end(answer?.body);
};

/** The user interface for every path under this one. */
export function without(prefix: string, listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url?.startsWith(prefix)) request.url = "/search";
    listener(request, response);
  };
}

export interface RunningServer extends AsyncDisposable {
  url: string;
  /** Paths with their parameters, in order. */
  requests: string[];
  headers: Record<string, string | string[] | undefined>[];
}

export async function startServer(listener: RequestListener): Promise<RunningServer> {
  const requests: string[] = [];
  const headers: RunningServer["headers"] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    headers.push(request.headers);
    listener(request, response);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    headers,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
