import { postBody, recorded } from "../../compare/test/recorded-order.ts";

export const finishedId = recorded["order-finished"].traceId;
export const failedId = recorded["order-failed"].traceId;

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
    await postBody(`${url}/api/1/envelope/`, createEnvelope(some));
    await postBody(`${url}/v1/traces`, createOtlpBody(some));
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

function createOtlpSpan(span: LargeSpan): object {
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
