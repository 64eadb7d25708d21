import type { RequestListener } from "node:http";
import { openSentrySource } from "../../src/sources/sentry.ts";
import type { TraceSource } from "../../src/sources/source.ts";
import { failed, finished, readRecorded } from "./jaeger-server.ts";

export const json = { "content-type": "application/json" };
export const token = "sntryu_0123456789abcdef";

interface RecordedAnswer {
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

export const answers = JSON.parse(readRecorded("sentry-api/answers.json").toString()) as RecordedAnswer[];
const files: Readonly<Record<string, string>> = {
  [`/api/0/organizations/acme/trace/${finished}/`]: "order-finished/sentry-api-trace.json",
  [`/api/0/organizations/acme/trace/${failed}/`]: "order-failed/sentry-api-trace.json",
};

/** Answers as the constructed files have it. */
export const answerAsSentry: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const query = searchParams.get("query") ?? "";
  const order = query.includes("alice")
    ? "order-finished"
    : query.includes("bob")
      ? "order-failed"
      : undefined;
  const file =
    files[pathname] ??
    (order && pathname.endsWith("/events/") ? `${order}/sentry-api-events.json` : undefined);
  if (file) response.writeHead(200, json).end(readRecorded(file));
  else if (pathname.endsWith("/events/")) response.writeHead(200, json).end('{"data":[],"meta":{}}');
  else response.writeHead(200, json).end("[]");
};

export function openOrganization(url: string, organization = "acme"): TraceSource {
  return openSentrySource(organization, { SENTRY_URL: url, SENTRY_AUTH_TOKEN: token });
}
