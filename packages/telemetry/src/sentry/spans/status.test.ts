import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { readStatus } from "./status.ts";

const { UNSET, OK, ERROR } = SpanStatusCode;
const { SERVER, CLIENT, INTERNAL } = SpanKind;

test.each([
  [SERVER, UNSET, undefined, 200, { status: "ok" }],
  [SERVER, UNSET, undefined, 404, { status: "error", message: "not_found" }],
  [SERVER, ERROR, undefined, 500, { status: "error", message: "internal_error" }],
  [SERVER, ERROR, "no stock", 500, { status: "error", message: "no stock" }],
  [INTERNAL, ERROR, "cancelled", undefined, { status: "ok" }],
  [SERVER, OK, undefined, 404, { status: "ok" }],
  [SERVER, UNSET, undefined, 499, { status: "ok", message: "cancelled" }],
  [CLIENT, ERROR, undefined, 503, { status: "error", message: "unavailable" }],
  [CLIENT, ERROR, undefined, undefined, { status: "error" }],
  [INTERNAL, UNSET, undefined, 404, { status: "ok" }],
])(
  "kind %d, status %d with message %s and HTTP %s is %j to Sentry",
  (kind, code, message, http, expected) => {
    const span = {
      kind,
      status: { code, ...(message !== undefined && { message }) },
      attributes: http === undefined ? {} : { "http.response.status_code": http },
    } as unknown as ReadableSpan;
    expect(readStatus(span)).toEqual(expected);
  },
);
