import type { IncomingMessage, ServerResponse } from "node:http";
import type { OtlpLog, OtlpSpan } from "../otlp/model.ts";
import { readOtlpLogs, readOtlpTraces } from "../otlp/read-otlp.ts";
import { readString } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";
import type { SentryEnvelope } from "../sentry/model.ts";
import { readSentryEnvelope } from "../sentry/read-envelope.ts";
import { readBody } from "./body.ts";

/** One request of a sender, as far as its head tells. */
export interface ReceivedRequest {
  kind: "sentry" | "otlp";
  path: string;
  headers: IncomingMessage["headers"];
  contentType: string;
  /** Length of the unpacked body; 0 while it has not been read. */
  bytes: number;
}

/** Who is told of what arrived. Called after the body was understood and before the sender hears its answer. */
export interface Arrivals {
  onEnvelope?: (envelope: SentryEnvelope, request: ReceivedRequest) => void | Promise<void>;
  onOtlpTraces?: (spans: OtlpSpan[], request: ReceivedRequest) => void | Promise<void>;
  onOtlpLogs?: (logs: OtlpLog[], request: ReceivedRequest) => void | Promise<void>;
}

const envelopePath = /^\/api\/[^/]+\/envelope\/?$/;
const otlpPaths = new Set(["/v1/traces", "/v1/logs"]);

/** What a request is for, or `undefined` when it belongs to neither protocol. */
export function readRequest(request: IncomingMessage): ReceivedRequest | undefined {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const kind = envelopePath.test(path) ? "sentry" : otlpPaths.has(path) ? "otlp" : undefined;
  if (!kind) return undefined;
  const contentType = request.headers["content-type"] ?? "";
  return { kind, path, headers: request.headers, contentType, bytes: 0 };
}

/** Receives one request of either protocol and answers it as its protocol wants. Never rejects. */
export async function receive(
  received: ReceivedRequest,
  request: IncomingMessage,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  try {
    if (request.method !== "POST") {
      response.writeHead(405, { allow: "POST" }).end();
      return;
    }
    const body = await readBody(request);
    received.bytes = body.length;
    if (received.kind === "sentry") await receiveEnvelope(received, body, response, arrivals);
    else await receiveOtlp(received, body, response, arrivals);
  } catch (error) {
    answerError(error, response);
  }
}

async function receiveEnvelope(
  received: ReceivedRequest,
  body: Buffer,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  const envelope = readSentryEnvelope(body);
  await arrivals.onEnvelope?.(envelope, received);
  answerJson(response, 200, { id: readString(envelope.header["event_id"]) ?? "" });
}

async function receiveOtlp(
  received: ReceivedRequest,
  body: Buffer,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  if (received.path === "/v1/traces") {
    await arrivals.onOtlpTraces?.(readOtlpTraces(body, received.contentType), received);
  } else {
    await arrivals.onOtlpLogs?.(readOtlpLogs(body, received.contentType), received);
  }
  // An Export…ServiceResponse without partial success is an empty message: no bytes in protobuf, `{}` in JSON.
  if (received.contentType.includes("json")) answerJson(response, 200, {});
  else response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
}

function answerError(error: unknown, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof ReceiverError) {
    answerJson(response, error.status, { error: { code: error.code, message: error.message } });
    return;
  }
  answerJson(response, 500, { error: { code: "INTERNAL", message: "the receiver failed; see its log" } });
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
