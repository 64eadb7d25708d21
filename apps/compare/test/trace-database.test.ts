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
  expect(database.write([items], nowMillis)).toEqual([undefined]);
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
    expect(database.write([spansOf(3, 1), failing as StoredItem[]], 1)).toEqual([
      undefined,
      expect.any(TypeError),
    ]);
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
});
