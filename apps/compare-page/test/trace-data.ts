import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const recorded = join(import.meta.dirname, "../../../packages/comparison/test/recorded");

/** A span in a body of OTLP/JSON, as far as the tests change it. */
interface OtlpSpanJson {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: unknown }[];
  status?: { code?: number; message?: string };
}

interface OtlpBody {
  resourceSpans: { scopeSpans: { spans: OtlpSpanJson[] }[] }[];
}

/** What a test makes of a span; undefined when OTLP shall not have it. */
export type Mutation = (span: OtlpSpanJson) => OtlpSpanJson | undefined;

export const finishedId = "e44df9e6204594677f64f376b1f35ddd";
export const failedId = "43b930f546ba75a50c276a129e362fa9";

/** Sends a recorded order to both receivers; OTLP's spans as the mutation leaves them. */
export async function sendOrder(
  url: string,
  order: "order-finished" | "order-failed",
  mutate: Mutation = (span) => span,
): Promise<void> {
  await sendSentryPart(url, order);
  await sendOtlpPart(url, order, mutate);
}

export async function sendSentryPart(url: string, order: string): Promise<void> {
  const files = (await readdir(join(recorded, order))).filter((file) => file.endsWith(".envelope"));
  for (const file of files.toSorted()) {
    await post(`${url}/api/1/envelope/`, await readFile(join(recorded, order, file), "utf8"));
  }
}

export async function sendOtlpPart(
  url: string,
  order: string,
  mutate: Mutation = (span) => span,
): Promise<void> {
  for (const line of await readLines(order, "otlp-traces.jsonl")) {
    await post(`${url}/v1/traces`, mutateBody(line, mutate));
  }
  for (const line of await readLines(order, "otlp-logs.jsonl")) await post(`${url}/v1/logs`, line);
}

async function readLines(order: string, file: string): Promise<string[]> {
  return (await readFile(join(recorded, order, file), "utf8")).split("\n").filter(Boolean);
}

function mutateBody(text: string, mutate: Mutation): string {
  const body = JSON.parse(text) as OtlpBody;
  for (const { scopeSpans } of body.resourceSpans) {
    for (const scope of scopeSpans) {
      scope.spans = scope.spans.map((span) => mutate(span)).filter((span) => span !== undefined);
    }
  }
  return JSON.stringify(body);
}

async function post(url: string, body: string): Promise<void> {
  const headers = url.includes("/v1/") ? { "content-type": "application/json" } : undefined;
  const { ok, status } = await fetch(url, { method: "POST", body, headers });
  if (!ok) throw new Error(`${url} answered with status ${status}`);
}

export const largeId = "10000000000000000000000000010000";

interface LargeSpan {
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  startMillis: number;
  endMillis: number;
  failed: boolean;
  /** The span by which the trace entered the service. */
  segment: { spanId: string; name: string };
}

/** 2026-11-21, long ago enough that nothing of it is late. */
const beginMillis = 1_795_276_000_000;
const services = ["web", "order", "factory", "billing", "stock", "mail", "search", "audit", "report"];

/** A tree of spans that work one after the other, ten children each; the last one is called `the last span`. */
function createLargeTrace(count: number): LargeSpan[] {
  const spans: LargeSpan[] = [];
  for (let index = 0; index < count; index += 1) {
    const parent = index === 0 ? undefined : spans[Math.floor((index - 1) / 10)];
    const spanId = (index + 1).toString(16).padStart(16, "0");
    const name = index === count - 1 ? "the last span" : `step ${index}`;
    const service = readService(index);
    const startMillis = index * 3;
    spans.push({
      spanId,
      parentSpanId: parent?.spanId,
      name,
      service,
      startMillis,
      endMillis: startMillis + (index === 0 ? count * 3 + 50 : 20 + (index % 40)),
      failed: index % 500 === 499,
      segment: parent?.service === service ? parent.segment : { spanId, name },
    });
  }
  return spans;
}

/** Ten spans in a row are of one service. */
function readService(index: number): string {
  return services[Math.floor(index / 10) % services.length] ?? "web";
}

const perRequest = 1000;

/** Sends a generated trace to both receivers. */
export async function sendLargeTrace(url: string, count: number): Promise<void> {
  const spans = createLargeTrace(count);
  for (let from = 0; from < count; from += perRequest) {
    const some = spans.slice(from, from + perRequest);
    await post(`${url}/api/1/envelope/`, createEnvelope(some));
    await post(`${url}/v1/traces`, createOtlpBody(some));
  }
}

function createEnvelope(spans: readonly LargeSpan[]): string {
  const items = spans.map((span) => ({
    trace_id: largeId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name,
    start_timestamp: (beginMillis + span.startMillis) / 1000,
    end_timestamp: (beginMillis + span.endMillis) / 1000,
    is_segment: span.segment.spanId === span.spanId,
    status: span.failed ? "error" : "ok",
    attributes: {
      "service.name": { value: span.service, type: "string" },
      "sentry.environment": { value: "production", type: "string" },
      "sentry.origin": { value: "manual", type: "string" },
      "sentry.trace_lifecycle": { value: "stream", type: "string" },
      "sentry.segment.id": { value: span.segment.spanId, type: "string" },
      "sentry.segment.name": { value: span.segment.name, type: "string" },
    },
  }));
  const head = {
    type: "span",
    item_count: items.length,
    content_type: "application/vnd.sentry.items.span.v2+json",
  };
  return ["{}", JSON.stringify(head), JSON.stringify({ version: 2, items })].join("\n");
}

function createOtlpBody(spans: readonly LargeSpan[]): string {
  const byService = Map.groupBy(spans, (span) => span.service);
  return JSON.stringify({
    resourceSpans: [...byService].map(([service, own]) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: "generated" }, spans: own.map(createOtlpSpan) }],
    })),
  });
}

function createOtlpSpan(span: LargeSpan): OtlpSpanJson {
  return {
    traceId: largeId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: 1,
    startTimeUnixNano: `${beginMillis + span.startMillis}000000`,
    endTimeUnixNano: `${beginMillis + span.endMillis}000000`,
    attributes: [],
    status: span.failed ? { code: 2 } : {},
  };
}
