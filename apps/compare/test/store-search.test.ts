import { beforeAll, describe, expect, it } from "vitest";
import { TraceDatabase } from "../src/store/database.ts";
import type { StoredItem } from "../src/store/item.ts";
import { openStoreFile } from "../src/store/open-file.ts";

const unlimited = { maxBytes: Infinity, maxItems: Infinity, maxAgeMillis: Infinity };
type Span = Extract<StoredItem, { kind: "span" }>;

function spanOf(traceId: string, value: Partial<Span["value"]>): Span {
  return {
    kind: "span",
    side: "otlp",
    value: {
      traceId,
      spanId: "1".repeat(16),
      name: "work",
      service: "web",
      status: "ok",
      kind: "internal",
      startTimeUnixNano: "1",
      endTimeUnixNano: "2",
      attributes: {},
      resource: {},
      events: [],
      links: [],
      ...value,
    },
  };
}

const paid = "a".repeat(32);
const failed = "b".repeat(32);

describe("a search finds traces", () => {
  const database = new TraceDatabase(openStoreFile(":memory:").database, unlimited);
  beforeAll(() => {
    const attributes = { orderId: "alice", "http.response.status_code": 200, paid: true, weight: 1.5 };
    const resource = { "service.version": "7.8.9", "process.pid": 4711 };
    const first = spanOf(paid, {
      name: "POST /order",
      attributes: { ...attributes, tags: ["red", "blue"] },
      resource,
    });
    const rest = {
      orderId: "bob",
      size: 200,
      big: { intValue: "9007199254740993" },
      formula: "a=b",
      note: "two words",
    };
    const second = spanOf(failed, { status: "error", attributes: rest });
    const log: StoredItem = {
      kind: "log",
      side: "otlp",
      value: {
        traceId: failed,
        service: "factory",
        timeUnixNano: "1",
        level: "info",
        body: "made",
        attributes: { shelf: 12 },
      },
    };
    const error: StoredItem = {
      kind: "error",
      side: "sentry",
      value: {
        eventId: "",
        traceId: failed,
        service: "factory",
        timeUnixNano: "1",
        title: "Error: no stock",
        tags: { queue: "order" },
        breadcrumbs: [],
      },
    };
    database.write([[first], [second, log, error]], 1);
  });

  it.each<[string, string[]]>([
    ["alice", [paid]],
    ["orderId=alice", [paid]],
    ["requestId=alice", []],
    ["Alice", []],
    ["alic", []],
    ["200", [failed, paid]],
    ["http.response.status_code=200", [paid]],
    ["size = 200", [failed]],
    ["paid=true", [paid]],
    ["1.5", [paid]],
    ["blue", [paid]],
    ["service.version=7.8.9", [paid]],
    ["4711", [paid]],
    ["9007199254740993", [failed]],
    ["a=b", [failed]],
    ["formula=a=b", [failed]],
    ["POST /order", [paid]],
    ["name=POST /order", [paid]],
    ['name="POST /order" orderId=alice', [paid]],
    ['name="POST /order" orderId=bob', []],
    ["alice 200", [paid]],
    ["bob 200 status=error", [failed]],
    ["two words", [failed]],
    ["status=error", [failed]],
    ["service=factory", [failed]],
    ["shelf=12", [failed]],
    ["queue=order", [failed]],
    ["Error: no stock", [failed]],
    [paid.toUpperCase(), [paid]],
    ["", []],
    ['"', []],
    ["=", []],
    ["a ".repeat(10_000), []],
  ])("%s", (query, ids) => {
    expect(database.findTraces(query, 10).map(({ traceId }) => traceId)).toEqual(ids);
  });
});
