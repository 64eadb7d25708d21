import { describe, expect, it } from "vitest";
import { decodeEnvelope, readSentryEnvelope } from "../src/index.ts";

const traceId = "cb7e69e06639453c8095a452d44c08ef";
const lines = (...parts: unknown[]): Buffer =>
  Buffer.from(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join("\n"));
const span = {
  name: "insert orders",
  span_id: "b889115b7f884144",
  trace_id: traceId,
  parent_span_id: "8683ddb5a1aef48b",
  start_timestamp: 1_795_206_248.97,
  end_timestamp: 1_795_206_248.98,
  is_segment: false,
  status: "ok",
  attributes: {
    "sentry.op": { value: "db", type: "string" },
    "server.port": { value: 9701, type: "integer" },
    "service.name": { value: "order", type: "string" },
  },
};

describe("a Sentry envelope", () => {
  it("of streamed spans is read with plain attribute values", () => {
    const header = { type: "span", item_count: 1, content_type: "application/vnd.sentry.items.span.v2+json" };
    const envelope = readSentryEnvelope(
      lines({ trace: { trace_id: traceId } }, header, { version: 2, items: [span] }),
    );
    expect(envelope.header).toEqual({ trace: { trace_id: traceId } });
    expect(envelope.spans).toMatchObject([
      {
        traceId,
        spanId: "b889115b7f884144",
        parentSpanId: "8683ddb5a1aef48b",
        op: "db",
        isSegment: false,
        status: "ok",
        attributes: { "sentry.op": "db", "server.port": 9701 },
        service: "order",
      },
    ]);
  });

  it("of an error is read with exceptions, breadcrumbs, tags and trace", () => {
    const event = {
      event_id: "e".repeat(32),
      exception: { values: [{ type: "Error", value: "no stock" }] },
      breadcrumbs: [{ message: "Item id: 2" }],
      tags: { service: "factory", orderId: "2" },
      contexts: { trace: { trace_id: traceId, span_id: "b889115b7f884144" } },
    };
    const { events } = readSentryEnvelope(lines({}, { type: "event" }, event));
    expect(events).toMatchObject([
      {
        eventId: "e".repeat(32),
        exceptions: [{ type: "Error", value: "no stock" }],
        breadcrumbs: [{ message: "Item id: 2" }],
        tags: { orderId: "2" },
        traceId,
        spanId: "b889115b7f884144",
        service: "factory",
      },
    ]);
  });

  it("of logs and of client reports is read", () => {
    const log = {
      timestamp: 1.5,
      trace_id: traceId,
      level: "info",
      body: "hi",
      attributes: { a: { value: 1 } },
    };
    const report = { discarded_events: [{ reason: "sample_rate", category: "span", quantity: 3 }] };
    const envelope = readSentryEnvelope(
      lines({}, { type: "log" }, { items: [log] }, { type: "client_report" }, report),
    );
    expect(envelope.logs).toMatchObject([{ traceId, level: "info", body: "hi", attributes: { a: 1 } }]);
    expect(envelope.clientReports).toMatchObject([
      { discarded: [{ reason: "sample_rate", category: "span", quantity: 3 }] },
    ]);
  });

  it("keeps what surrounds an unknown item, bytes with line breaks and a broken span", () => {
    const header = { type: "span" };
    const envelope = readSentryEnvelope(
      lines({}, { type: "attachment", length: 5 }, "a\nb\nc", { type: "from-the-future" }, "?", header, {
        items: [{ name: "no ids" }, span],
      }),
    );
    expect(envelope.itemTypes).toEqual(["attachment", "from-the-future", "span"]);
    expect(envelope.other.map((item) => item.type)).toEqual(["attachment", "from-the-future"]);
    expect(Buffer.from(envelope.other[0]?.payload as Uint8Array).toString()).toBe("a\nb\nc");
    expect(envelope.spans).toHaveLength(1);
    expect(envelope.rejected).toEqual([{ type: "span", reason: "trace_id is missing or of the wrong type" }]);
  });

  it.each([
    ["no JSON", Buffer.from("{")],
    ["a header that is a list", Buffer.from("[]\n")],
    ["an item longer than the envelope", lines({}, { type: "event", length: 99 }, "{}")],
    ["an item header that is no JSON", lines({}, "event", "{}")],
  ])("with %s is refused as malformed", (_name, bytes) => {
    expect(() => decodeEnvelope(bytes)).toThrow(
      expect.objectContaining({ code: "ENVELOPE_MALFORMED", status: 400 }),
    );
  });
});
