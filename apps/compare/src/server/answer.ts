import type { ServerResponse } from "node:http";

/** Whatever a span is called, it runs nothing and loads nothing from elsewhere, and no other page frames this one. */
const securityHeaders = {
  "content-security-policy":
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Traces change until their last span has arrived. */
const neverKept = "no-store";

/** A request that cannot be answered as it was meant. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendJsonText(response, status, JSON.stringify(body));
}

export function sendJsonText(response: ServerResponse, status: number, text: string): void {
  send(response, status, { "content-type": "application/json", "cache-control": neverKept }, text);
}

export function sendProblem(response: ServerResponse, error: RequestError): void {
  const { status, code, message } = error;
  sendJson(response, status, { error: { code, message } });
}

export function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...securityHeaders, ...headers, "content-length": length }).end(body);
}

/** For an answer that has no end of its own. */
export function startStream(response: ServerResponse, contentType: string): void {
  response.writeHead(200, { ...securityHeaders, "content-type": contentType, "cache-control": neverKept });
}
