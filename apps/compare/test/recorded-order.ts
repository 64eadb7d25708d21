import { readdirSync, readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";

const folder = new URL("../../../packages/comparison/test/recorded/", import.meta.url);
/** Orders `alice`, which finishes, and `bob`, which fails; and a trace made by hand that only OTLP has. */
export const recorded = {
  "order-finished": { traceId: "e44df9e6204594677f64f376b1f35ddd", orderId: "alice" },
  "order-failed": { traceId: "43b930f546ba75a50c276a129e362fa9", orderId: "bob" },
  special: { traceId: "5bec1a1000000000000000000000a11f" },
} as const;

export type Recording = keyof typeof recorded;

/** A span as OTLP/JSON has it, as far as tests change it. */
export interface OtlpJsonSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: object[];
  status: { code?: number; message?: string };
}

interface OtlpJson {
  resourceSpans: { scopeSpans: { spans: OtlpJsonSpan[] }[] }[];
}

/** What of a recording is sent, and how it is changed before. */
interface SentPart {
  /** What the OTLP side is told of each span of the recorded trace; undefined leaves it out. */
  change?: (span: OtlpJsonSpan) => OtlpJsonSpan | undefined;
  sides?: readonly ("sentry" | "otlp")[];
}

/** Sends what real services once sent, as it was recorded. */
export async function sendRecording(url: string, recording: Recording, part: SentPart = {}): Promise<void> {
  await sendFiles(url, recording, { ...part, traceId: recorded[recording].traceId, rename: (text) => text });
}

export interface Sending extends SentPart {
  order?: "order-finished" | "order-failed";
  /** Instead of the recorded one; letters and digits. */
  orderId?: string;
}

/** Sends what was recorded of an order once more, as a trace of its own. @returns its trace id */
export async function sendRecordedOrder(url: string, sending: Sending = {}): Promise<string> {
  const { order = "order-finished", orderId, ...part } = sending;
  const traceId = randomBytes(16).toString("hex");
  const { traceId: recordedTraceId, orderId: recordedOrderId } = recorded[order];
  const rename = (text: string): string =>
    text
      .replaceAll(recordedTraceId, traceId)
      .replaceAll(new RegExp(`\\b${recordedOrderId}\\b`, "g"), orderId ?? recordedOrderId);
  await sendFiles(url, order, { ...part, traceId, rename });
  return traceId;
}

/** Where recorded bodies go, in the order in which they are sent. */
const targets = [
  { path: "/api/1/envelope/", side: "sentry", pattern: /\.envelope$/ },
  { path: "/v1/traces", side: "otlp", pattern: /^otlp(?:-traces\.jsonl|\.json)$/ },
  { path: "/v1/logs", side: "otlp", pattern: /^otlp-logs\.jsonl$/ },
] as const;

interface SentFiles extends SentPart {
  /** Of the trace that `change` is about. */
  traceId: string;
  rename: (text: string) => string;
}

async function sendFiles(
  url: string,
  recording: Recording,
  { change, sides = ["sentry", "otlp"], traceId, rename }: SentFiles,
): Promise<void> {
  const files = readdirSync(new URL(recording, folder)).toSorted();
  for (const { path, pattern } of targets.filter((target) => sides.includes(target.side))) {
    for (const file of files.filter((name) => pattern.test(name))) {
      const text = rename(readFileSync(new URL(`${recording}/${file}`, folder), "utf8"));
      for (const body of file.endsWith(".jsonl") ? readLines(text) : [text]) {
        await postBody(
          url + path,
          change && path === "/v1/traces" ? changeSpans(body, traceId, change) : body,
        );
      }
    }
  }
}

function changeSpans(body: string, traceId: string, change: NonNullable<SentPart["change"]>): string {
  const { resourceSpans } = JSON.parse(body) as OtlpJson;
  for (const { scopeSpans } of resourceSpans) {
    for (const scope of scopeSpans) {
      scope.spans = scope.spans.flatMap((span) => (span.traceId === traceId ? (change(span) ?? []) : span));
    }
  }
  return JSON.stringify({ resourceSpans });
}

function readLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Sends one body, OTLP as JSON. */
export async function postBody(url: string, body: string): Promise<void> {
  const headers = url.includes("/v1/") ? { "content-type": "application/json" } : undefined;
  const response = await fetch(url, { method: "POST", body, headers });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
}
