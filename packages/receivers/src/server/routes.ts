import type { IncomingMessage, ServerResponse } from "node:http";
import type { OtlpLog, OtlpSpan } from "../otlp/model.ts";
import { readOtlpLogs, readOtlpTraces } from "../otlp/read-otlp.ts";
import { encodeStatus } from "../otlp/schema.ts";
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
  /** One of the above failed; the sender is told 500 and no more. */
  onFailure?: (error: unknown, request: ReceivedRequest) => void;
}

const envelopePath = /^\/api\/[^/]+\/envelope\/?$/;
const otlpPaths = new Set(["/v1/traces", "/v1/logs"]);
const failure = { status: 500, code: "INTERNAL", message: "the receiver failed" } as const;

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
    const isSendersFault = error instanceof ReceiverError;
    if (!isSendersFault && !request.errored) arrivals.onFailure?.(error, received);
    answerError(isSendersFault ? error : failure, received, response);
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

/** OTLP wants a google.rpc.Status in the request's own encoding, Sentry's SDKs log whatever text there is. */
function answerError(
  { status, code, message }: Pick<ReceiverError, "status" | "code" | "message"> | typeof failure,
  { kind, contentType }: ReceivedRequest,
  response: ServerResponse,
): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else if (kind === "sentry") answerJson(response, status, { error: { code, message } });
  else if (contentType.includes("protobuf")) {
    const body = encodeStatus(`${code}: ${message}`);
    response.writeHead(status, { "content-type": "application/x-protobuf" }).end(body);
  } else answerJson(response, status, { message: `${code}: ${message}` });
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
