import { createEnvelope, serializeEnvelope, type Envelope as SdkEnvelope } from "@sentry/core";
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
const spansOf = (...items: unknown[]): Buffer => lines({}, { type: "span" }, { version: 2, items });

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

  it.each([
    [1_795_206_248.5, 1_795_206_248.5],
    ["2026-11-20T20:24:08.5Z", 1_795_206_248.5],
    ["2026-11-20T20:24:08.500000", 1_795_206_248.5],
    ["2026-11-20T21:24:08.5+01:00", 1_795_206_248.5],
    ["soon", undefined],
    [{}, undefined],
  ])("of an error whose time is %j", (timestamp, expected) => {
    const { events } = readSentryEnvelope(lines({}, { type: "event" }, { timestamp }));
    expect(events[0]?.timestamp).toBe(expected);
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

  it("is read as Sentry's own SDK serialises it, bytes and characters beyond ASCII included", () => {
    const attachment = new Uint8Array([0x0a, 0xff, 0x0a]);
    const sent = createEnvelope<SdkEnvelope>({ sent_at: "2026-11-21T00:00:00.000Z" }, [
      [{ type: "attachment", length: 3, filename: "a.bin" }, attachment],
      [{ type: "event" }, { event_id: "e".repeat(32), message: "Größe\nzwei" }],
      [
        { type: "span", item_count: 1, content_type: "application/vnd.sentry.items.span.v2+json" },
        { version: 2, items: [span] },
      ],
      [{ type: "session" }, { sid: "1", init: true, status: "ok", errors: 0, started: "", timestamp: "" }],
    ] as SdkEnvelope[1]);
    const serialised = serializeEnvelope(sent);
    const bytes = typeof serialised === "string" ? Buffer.from(serialised) : serialised;
    const envelope = readSentryEnvelope(bytes);
    expect(envelope.itemTypes).toEqual(["attachment", "event", "span", "session"]);
    expect(Buffer.from(envelope.other[0]?.payload as Uint8Array)).toEqual(Buffer.from(attachment));
    expect(envelope.events).toMatchObject([{ message: "Größe\nzwei" }]);
    expect(envelope.spans).toMatchObject([{ traceId, name: "insert orders" }]);
    expect(envelope.rejected).toEqual([]);
  });

  it("may write ids as UUIDs", () => {
    const trace_id = "CB7E69E0-6639-453C-8095-A452D44C08EF";
    expect(readSentryEnvelope(spansOf({ ...span, trace_id })).spans).toMatchObject([{ traceId }]);
  });

  it.each([
    ["an event that is no JSON", lines({}, { type: "event" }, "what?"), "the item is no JSON object"],
    ["spans without a list", lines({}, { type: "span" }, {}), "the item has no list of items"],
    ["a short trace id", spansOf({ ...span, trace_id: "abc" }), "trace_id is missing or of the wrong type"],
    ["a time as text", spansOf({ ...span, end_timestamp: "1" }), "end_timestamp is missing"],
    [
      "lists 20,000 deep",
      lines({}, { type: "event" }, `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`),
      "the item is nested too deeply",
    ],
  ])("with %s keeps the reason and the rest", (_name, bytes, reason) => {
    const rest = lines("", { type: "log" }, { items: [{ timestamp: 1, body: "hi" }] });
    const envelope = readSentryEnvelope(Buffer.concat([bytes, rest]));
    expect(envelope.rejected).toMatchObject([{ reason: expect.stringContaining(reason) }]);
    expect([envelope.spans, envelope.events, envelope.logs.length]).toEqual([[], [], 1]);
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
