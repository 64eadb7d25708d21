import type { IncomingMessage, ServerResponse } from "node:http";
import type { OtlpLog, OtlpSpan } from "../otlp/model.ts";
import { readOtlpLogs, readOtlpTraces } from "../otlp/read-otlp.ts";
import { encodePartialSuccess, encodeStatus } from "../otlp/schema.ts";
import { readString } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";
import type { SentryEnvelope } from "../sentry/model.ts";
import { readSentryEnvelope } from "../sentry/read-envelope.ts";
import { readBody } from "./body.ts";
import { createMemoryClaim } from "./memory.ts";

/** One request of a sender, as far as its head tells. */
export interface ReceivedRequest {
  kind: "sentry" | "otlp";
  path: string;
  headers: IncomingMessage["headers"];
  contentType: string;
  /** Length of the unpacked body; 0 while it has not been read. */
  bytes: number;
}

type Told<T> = (arrived: T, request: ReceivedRequest, body: Uint8Array) => void | Promise<void>;

/**
 * Who is told of what arrived, and of the unpacked body it came in. Called after the body was understood and before the
 * sender hears its answer; a `ReceiverError` thrown here is that answer.
 */
export interface Arrivals {
  onEnvelope?: Told<SentryEnvelope>;
  onOtlpTraces?: Told<OtlpSpan[]>;
  onOtlpLogs?: Told<OtlpLog[]>;
  /** One of the above failed otherwise; the sender is told 500 and no more. */
  onFailure?: (error: unknown, request: ReceivedRequest) => void;
}

const envelopePath = /^\/api\/[^/]+\/envelope\/?$/;
const otlpPaths = new Set(["/v1/traces", "/v1/logs"]);
const failure = { status: 500, code: "INTERNAL", message: "the receiver failed" } as const;

/** Reasons told of what was rejected; many will be the same. */
const maxReasons = 3;
/** Seconds after which a sender that found no room should try again. */
const retryAfterSeconds = "1";

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
  const claim = createMemoryClaim();
  try {
    if (request.method !== "POST") {
      response.writeHead(405, { allow: "POST" }).end();
      return;
    }
    const body = await readBody(request, claim);
    received.bytes = body.length;
    if (received.kind === "sentry") await receiveEnvelope(received, body, response, arrivals);
    else await receiveOtlp(received, body, response, arrivals);
  } catch (error) {
    const isAnswer = error instanceof ReceiverError;
    if (!isAnswer && !request.errored) arrivals.onFailure?.(error, received);
    answerError(isAnswer ? error : failure, received, response);
  } finally {
    claim.release();
  }
}

async function receiveEnvelope(
  received: ReceivedRequest,
  body: Buffer,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  const envelope = readSentryEnvelope(body);
  await arrivals.onEnvelope?.(envelope, received, body);
  answerJson(response, 200, { id: readString(envelope.header["event_id"]) ?? "" });
}

async function receiveOtlp(
  received: ReceivedRequest,
  body: Buffer,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  const { path, contentType } = received;
  const rejected = { count: 0, reasons: new Set<string>() };
  const refuse = (error: ReceiverError, count: number): void => {
    rejected.count += count;
    rejected.reasons.add(error.message);
  };
  if (path === "/v1/traces") {
    await arrivals.onOtlpTraces?.(readOtlpTraces(body, contentType, refuse), received, body);
  } else {
    await arrivals.onOtlpLogs?.(readOtlpLogs(body, contentType, refuse), received, body);
  }
  answerOtlp(path === "/v1/traces" ? "rejectedSpans" : "rejectedLogRecords", rejected, contentType, response);
}

/** https://opentelemetry.io/docs/specs/otlp/#partial-success: an empty message when nothing was rejected. */
function answerOtlp(
  countField: "rejectedSpans" | "rejectedLogRecords",
  { count, reasons }: { count: number; reasons: ReadonlySet<string> },
  contentType: string,
  response: ServerResponse,
): void {
  const errorMessage = [...reasons].slice(0, maxReasons).join("; ");
  if (contentType.toLowerCase().includes("json")) {
    const partialSuccess = { [countField]: String(count), errorMessage };
    answerJson(response, 200, count === 0 ? {} : { partialSuccess });
  } else {
    const answer = count === 0 ? undefined : encodePartialSuccess(count, errorMessage);
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end(answer);
  }
}

/** OTLP wants a google.rpc.Status in the request's own encoding, Sentry's SDKs log whatever text there is. */
function answerError(
  { status, code, message }: Pick<ReceiverError, "status" | "code" | "message"> | typeof failure,
  { kind, contentType }: ReceivedRequest,
  response: ServerResponse,
): void {
  if (status === 503 && !response.headersSent) response.setHeader("retry-after", retryAfterSeconds);
  if (response.headersSent || response.destroyed) response.destroy();
  else if (kind === "sentry") answerJson(response, status, { error: { code, message } });
  else if (contentType.toLowerCase().includes("protobuf")) {
    const body = encodeStatus(`${code}: ${message}`);
    response.writeHead(status, { "content-type": "application/x-protobuf" }).end(body);
  } else answerJson(response, status, { message: `${code}: ${message}` });
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
