import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Counter, type Arrival } from "./counts.ts";
import type { ReceiverQuestion } from "./question.ts";

/**
 * A receiver of everything that peers send, in a process of its own. It keeps bodies as they come and answers at once;
 * what is in them is looked at when the bench asks, after the load.
 */
const counters = new Map<string, { sentry: Counter; otlp: Counter }>();
const hanging = new Set<ServerResponse>();
let hangs = false;
let failure: string | undefined;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (hangs) {
      hanging.add(response);
      response.once("close", () => hanging.delete(response));
      return;
    }
    try {
      count(request, Buffer.concat(chunks));
    } catch (error) {
      failure ??= `${request.method} ${request.url}: ${String(error)}`;
    }
    answer(request, response);
  });
});

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

function count(request: IncomingMessage, sent: Buffer): void {
  const [, sender = "", ...path] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
  const kind = readKind(path.join("/"));
  const { sentry, otlp } = counterOf(sender);
  const contentType = request.headers["content-type"] ?? "";
  const contentEncoding = request.headers["content-encoding"] ?? "";
  (kind === "sentry" ? sentry : otlp).add({ kind, contentType, contentEncoding, sent });
}

function readKind(path: string): Arrival["kind"] {
  if (/^api\/\d+\/envelope\/?$/.test(path)) return "sentry";
  if (/^(api\/\d+\/integration\/otlp\/)?v1\/traces$/.test(path)) return "otlp-traces";
  if (/^v1\/(logs|metrics)$/.test(path)) return "otlp-other";
  throw new Error("no address of the receiver");
}

/** An empty message is what both protocols take for success: `{}` in JSON, no bytes in protobuf. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const contentType = request.headers["content-type"] ?? "";
  const protobuf = contentType.startsWith("application/x-protobuf");
  response.setHeader("content-type", protobuf ? contentType : "application/json");
  response.end(protobuf ? "" : "{}");
}

function counterOf(sender: string): { sentry: Counter; otlp: Counter } {
  const known = counters.get(sender) ?? { sentry: new Counter(), otlp: new Counter() };
  counters.set(sender, known);
  return known;
}

function tell({ ask, sender = "" }: ReceiverQuestion): object {
  if (ask === "hang") hangs = true;
  if (ask === "resume") {
    hangs = false;
    for (const response of hanging) response.destroy();
  }
  const { sentry, otlp } = counterOf(sender);
  const told = { hanging: hanging.size, sentry: sentry.read(), otlp: otlp.read() };
  if (ask === "take") for (const counter of [sentry, otlp]) counter.reset();
  return told;
}

process.on("message", (question: ReceiverQuestion) => {
  try {
    const told = tell(question);
    process.send?.({ question: question.question, ...told, failure });
  } catch (error) {
    process.send?.({ question: question.question, failure: String(error) });
  }
});
process.once("disconnect", () => process.exit(0));
