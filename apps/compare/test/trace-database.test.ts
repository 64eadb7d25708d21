import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TraceDatabase } from "../src/store/database.ts";
import type { StoredItem } from "../src/store/item.ts";
import { openStoreFile } from "../src/store/open-file.ts";

const unlimited = { maxBytes: Infinity, maxItems: Infinity, maxAgeMillis: Infinity };
const traceIdOf = (number: number): string => number.toString(16).padStart(32, "0");

/** Writes one delivery, and lets the store forget what it then must. */
function write(database: TraceDatabase, items: readonly StoredItem[], nowMillis: number): void {
  expect(database.write([items], nowMillis)).toEqual([expect.any(Number)]);
  while (database.forgetSome(7, nowMillis));
}

const open = (limits: Partial<typeof unlimited> = {}, file = ":memory:"): TraceDatabase =>
  new TraceDatabase(openStoreFile(file).database, { ...unlimited, ...limits });

function spansOf(trace: number, count: number, service = "web"): StoredItem[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "span",
    side: "otlp",
    value: {
      traceId: traceIdOf(trace),
      spanId: (index + 1).toString(16).padStart(16, "0"),
      name: `span ${index}`,
      service,
      kind: "internal",
      status: "ok",
      startTimeUnixNano: `${index}000000`,
      endTimeUnixNano: `${index + 1}000000`,
      resource: {},
      events: [],
      links: [],
      attributes: { orderId: "alice", only: `trace-${trace}` },
    },
  }));
}

const idsIn = (database: TraceDatabase): string[] => database.listTraces(100).map(({ traceId }) => traceId);

describe("the store", () => {
  it("forgets whole traces, those heard of longest ago first, when it holds too many items", () => {
    const database = open({ maxItems: 25 });
    for (const trace of [1, 2]) write(database, spansOf(trace, 9), trace);
    write(database, spansOf(1, 10), 3); // the tenth span is new: trace 1 is now the younger one
    write(database, spansOf(4, 10), 4);
    expect(idsIn(database)).toEqual([traceIdOf(4), traceIdOf(1)]);
    expect(database.readTrace(traceIdOf(1)).otlp.spans).toHaveLength(10);
    expect(database.readTrace(traceIdOf(2)).otlp.spans).toEqual([]);
    expect(database.findTraces("trace-2", 10)).toEqual([]);
  });

  it("forgets traces beyond its bytes", () => {
    const database = open({ maxBytes: 150_000 });
    for (let trace = 1; trace <= 100; trace += 1) write(database, spansOf(trace, 10), trace);
    const kept = idsIn(database);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(50);
    expect(kept).toEqual(kept.map((_, index) => traceIdOf(100 - index)));
  });

  it("forgets a single trace that is larger than all it may keep, and goes on", () => {
    const database = open({ maxItems: 10 });
    write(database, spansOf(1, 11), 1);
    expect(idsIn(database)).toEqual([]);
    write(database, spansOf(2, 10), 2);
    expect(idsIn(database)).toEqual([traceIdOf(2)]);
  });

  it("keeps nothing of a delivery that fails but all of those beside it, and counts rightly afterwards", () => {
    const database = open({ maxItems: 10 });
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const [broken] = spansOf(9, 1);
    const failing = [...spansOf(1, 9), { ...broken, value: { ...broken?.value, attributes: circular } }];
    expect(database.write([spansOf(3, 1), failing as StoredItem[]], 1)).toEqual([1, expect.any(TypeError)]);
    expect(idsIn(database)).toEqual([traceIdOf(3)]);
    write(database, spansOf(2, 10), 2);
    expect(idsIn(database)).toEqual([traceIdOf(2)]);
  });

  it("finds the largest trace first, however many smaller ones came since", () => {
    const database = open();
    write(database, spansOf(1, 5), 1);
    for (let trace = 2; trace <= 60; trace += 1) write(database, spansOf(trace, 1), trace);
    expect(database.findTraces("alice", 50)[0]?.traceId).toBe(traceIdOf(1));
    expect(database.listTraces(1)[0]?.traceId).toBe(traceIdOf(60));
  });

  it("finds a trace by its id in either case", () => {
    const database = open();
    write(database, spansOf(0xabc, 1), 1);
    expect(database.findTraces(traceIdOf(0xabc).toUpperCase(), 1)).toHaveLength(1);
  });

  it("takes a comma in the name of a service for part of it", () => {
    const database = open();
    write(database, [...spansOf(1, 1, "a,b"), ...spansOf(1, 2, "c")], 1);
    expect(database.listTraces(1)[0]?.services).toEqual(["a,b", "c"]);
  });

  it("shrinks to smaller limits when its file is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "compare-"));
    const file = join(folder, "store.sqlite");
    const before = open({}, file);
    for (const trace of [1, 2, 3]) write(before, spansOf(trace, 5), trace);
    before.close();
    const after = open({ maxItems: 5 }, file);
    while (after.forgetSome(100, 4));
    expect(idsIn(after)).toEqual([traceIdOf(3)]);
    after.close();
    await rm(folder, { recursive: true });
  });

  it("forgets what is older than it may be, and nothing when it may be any age", () => {
    const database = open({ maxAgeMillis: 1000 });
    write(database, spansOf(1, 3), 0);
    write(database, spansOf(2, 3), 900);
    while (database.forgetSome(100, 1001));
    expect(idsIn(database)).toEqual([traceIdOf(2)]);
    const ageless = open();
    write(ageless, spansOf(1, 3), 0);
    while (ageless.forgetSome(100, Number.MAX_SAFE_INTEGER));
    expect(idsIn(ageless)).toEqual([traceIdOf(1)]);
  });

  it("hides a trace at once and deletes it piece by piece, over a restart too", async () => {
    const folder = await mkdtemp(join(tmpdir(), "compare-"));
    const file = join(folder, "store.sqlite");
    const before = open({ maxItems: 50 }, file);
    before.write([spansOf(1, 100)], 1);
    expect(before.forgetSome(10, 1)).toBe(true);
    expect(before.readTrace(traceIdOf(1)).otlp.spans).toEqual([]);
    before.close();
    const after = open({ maxItems: 50 }, file);
    write(after, spansOf(1, 20), 2); // the same trace once more, while its old items are still being deleted
    expect(after.readTrace(traceIdOf(1)).otlp.spans).toHaveLength(20);
    expect(after.fill().items).toBe(20);
    after.close();
    const raw = openStoreFile(file).database;
    const count = (table: string): unknown => raw.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"];
    expect(["item", "trace", "forgotten", "origin"].map(count)).toEqual([20, 1, 0, 1]);
    raw.close();
    await rm(folder, { recursive: true });
  });

  it("keeps a resource once, as long as a span has it, and gives it back with each span", () => {
    const { database: raw } = openStoreFile(":memory:");
    const database = new TraceDatabase(raw, { ...unlimited, maxItems: 20 });
    const withResource = (items: StoredItem[], host: string): StoredItem[] => {
      const extra = { resource: { "host.name": host }, scope: { name: "http", version: "1" } };
      return items.map((item) => ({ ...item, value: { ...item.value, ...extra } }) as StoredItem);
    };
    const sent = withResource(spansOf(1, 10), "one");
    write(database, sent, 1);
    write(database, sent, 2);
    write(database, withResource(spansOf(2, 10), "two"), 3);
    const origins = (): unknown => raw.prepare("SELECT json, uses FROM origin ORDER BY id").all();
    expect(origins()).toMatchObject([{ uses: 10 }, { uses: 10 }]);
    expect(database.readTrace(traceIdOf(1)).otlp.spans).toEqual(sent.map(({ value }) => value));
    write(database, withResource(spansOf(3, 10), "two"), 4);
    expect(origins()).toMatchObject([{ json: expect.stringContaining('"two"'), uses: 20 }]);
  });

  it("takes a log that is delivered twice for one, and two like ones in a delivery for two", () => {
    const database = open();
    const log = { traceId: traceIdOf(1), service: "web", timeUnixNano: "1", level: "info", body: "again" };
    const item: StoredItem = { kind: "log", side: "otlp", value: { ...log, attributes: {} } };
    write(database, [item, item], 1);
    write(database, [item, item], 2);
    expect(database.readTrace(traceIdOf(1)).otlp.logs).toHaveLength(2);
  });
});
