import { readdirSync, readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";

const folder = new URL("../../../packages/comparison/test/recorded/", import.meta.url);
const recorded = {
  "order-finished": { traceId: "e44df9e6204594677f64f376b1f35ddd", orderId: "alice" },
  "order-failed": { traceId: "43b930f546ba75a50c276a129e362fa9", orderId: "bob" },
} as const;

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

export interface Sending {
  order?: keyof typeof recorded;
  /** Instead of the recorded one; letters and digits. */
  orderId?: string;
  /** What the OTLP side is told of each span of the order's trace; undefined leaves it out. */
  change?: (span: OtlpJsonSpan) => OtlpJsonSpan | undefined;
  sides?: readonly ("sentry" | "otlp")[];
}

/** Sends what was recorded of an order once more, as a trace of its own. @returns its trace id */
export async function sendRecordedOrder(url: string, sending: Sending = {}): Promise<string> {
  const { order = "order-finished", change = (span) => span, sides = ["sentry", "otlp"] } = sending;
  const traceId = randomBytes(16).toString("hex");
  const { orderId = recorded[order].orderId } = sending;
  const read = (file: string): string =>
    readFileSync(new URL(`${order}/${file}`, folder), "utf8")
      .replaceAll(recorded[order].traceId, traceId)
      .replaceAll(new RegExp(`\\b${recorded[order].orderId}\\b`, "g"), orderId);
  if (sides.includes("sentry")) {
    const files = readdirSync(new URL(order, folder)).filter((file) => file.endsWith(".envelope"));
    for (const file of files) await post(`${url}/api/1/envelope/`, read(file));
  }
  if (sides.includes("otlp")) {
    for (const line of readLines(read("otlp-traces.jsonl"))) {
      await postJson(`${url}/v1/traces`, changeSpans(line, traceId, change));
    }
    for (const line of readLines(read("otlp-logs.jsonl"))) await postJson(`${url}/v1/logs`, line);
  }
  return traceId;
}

function changeSpans(body: string, traceId: string, change: NonNullable<Sending["change"]>): string {
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

export async function postJson(url: string, body: string): Promise<void> {
  await post(url, body, { "content-type": "application/json" });
}

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, { method: "POST", body, headers });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
}
