import { expect, test } from "vitest";
import { RecentCounts } from "./recent-counts.ts";

function createCounts(maxKeys: number): { counts: RecentCounts; clock: { now: number } } {
  const clock = { now: 1000 };
  return { counts: new RecentCounts({ windowMillis: 100, now: () => clock.now, maxKeys }), clock };
}

test("hits are counted from the first one until the window is over", () => {
  const { counts, clock } = createCounts(10);
  const hit = (): number => counts.increment("a").totalHits;
  expect([hit(), hit()]).toEqual([1, 2]);
  clock.now += 99;
  expect(counts.increment("a")).toEqual({ totalHits: 3, resetTime: new Date(1100) });
  clock.now += 1;
  expect(counts.increment("a")).toEqual({ totalHits: 1, resetTime: new Date(1200) });
});

test("a full memory forgets what is over first, and then the oldest", () => {
  const { counts, clock } = createCounts(3);
  for (const key of ["a", "b"]) counts.increment(key);
  clock.now += 100;
  for (const key of ["c", "d", "e"]) counts.increment(key);
  counts.increment("f");
  const hits = Object.fromEntries(["f", "e", "d"].map((key) => [key, counts.increment(key).totalHits]));
  expect(hits).toEqual({ f: 2, e: 2, d: 2 });
  expect(counts.increment("c").totalHits).toBe(1);
});

test("a hit can be taken back, and a key forgotten", () => {
  const { counts } = createCounts(3);
  counts.increment("a");
  counts.increment("a");
  counts.decrement("a");
  counts.decrement("never seen");
  expect(counts.increment("a").totalHits).toBe(2);
  counts.resetKey("a");
  expect(counts.increment("a").totalHits).toBe(1);
});

test("a hundred thousand keys take the place of each other", () => {
  const counts = new RecentCounts({ windowMillis: 1e9, now: () => 0 });
  for (let key = 0; key < 100_000; key += 1) counts.increment(`key ${key}`);
  expect(counts.increment("key 99999").totalHits).toBe(2);
  expect(counts.increment("key 89998").totalHits).toBe(1);
});
