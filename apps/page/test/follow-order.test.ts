import { describe, expect, it } from "vitest";
import { followOrder, waitMillis } from "../src/orders/follow-order.ts";
import type { Order, OrderStatus } from "../src/orders/order.ts";
import type { Answer } from "../src/web-api/call.ts";
import type { Problem } from "../src/web-api/problem.ts";

const order = (status: OrderStatus): Answer<Order> => ({ ok: true, value: { id: "alice", status } });
const problem = (kind: Problem["kind"]): Answer<Order> => ({
  ok: false,
  problem: { kind, title: kind, message: kind },
});

/** Follows with a clock that stands still except while somebody waits. The last answer repeats. */
async function follow(
  answers: readonly Answer<Order>[],
  options: { limitMillis?: number; signal?: AbortSignal; onRead?: () => void } = {},
) {
  const pauses: number[] = [];
  const taken: Answer<Order>[] = [];
  let clock = 0;
  const end = await followOrder({
    firstPauseMillis: 1_000,
    limitMillis: options.limitMillis ?? 120_000,
    signal: options.signal ?? new AbortController().signal,
    now: () => clock,
    wait: async (millis) => {
      pauses.push(millis);
      clock += millis;
    },
    readOrder: async () => {
      options.onRead?.();
      const next = answers[Math.min(taken.length, answers.length - 1)];
      if (next === undefined) throw new Error("the test has no answer");
      return next;
    },
    onAnswer: (answer) => taken.push(answer),
  });
  return { end, pauses, taken };
}

describe("followOrder", () => {
  it.each(["finished", "failed"] as const)(
    "waits before each look, longer and longer up to 4 seconds, and stops at %s",
    async (status) => {
      const answers = [order("create"), order("making"), order("making"), order(status)];
      expect(await follow(answers)).toEqual({
        end: "done",
        pauses: [1000, 2000, 4000, 4000],
        taken: answers,
      });
    },
  );

  it("stops after the limit when the order never ends", async () => {
    const { end, taken } = await follow([order("making")]);
    expect(end).toBe("timed-out");
    expect(taken).toHaveLength(31);
  });

  it("asks less often still while the service has a problem, and goes back to normal after it", async () => {
    const down = problem("unreachable");
    const { end, pauses } = await follow([
      down,
      down,
      down,
      down,
      problem("server"),
      order("making"),
      order("finished"),
    ]);
    expect(end).toBe("done");
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 8000, 8000, 4000]);
  });

  it.each(["unknown-order", "invalid"] as const)("does not ask again after the problem %s", async (kind) => {
    const { end, taken } = await follow([order("making"), problem(kind)]);
    expect(end).toBe("refused");
    expect(taken).toEqual([order("making"), problem(kind)]);
  });

  it("asks nothing once it is stopped", async () => {
    const { end, taken } = await follow([order("making")], { signal: AbortSignal.abort() });
    expect(end).toBe("stopped");
    expect(taken).toEqual([]);
  });

  it("keeps an answer to itself that arrives after it was stopped", async () => {
    const stop = new AbortController();
    const { end, taken } = await follow([order("making")], {
      signal: stop.signal,
      onRead: () => stop.abort(),
    });
    expect(end).toBe("stopped");
    expect(taken).toEqual([]);
  });
});

describe("waitMillis", () => {
  it("ends at once when it is aborted, before or while it waits", async () => {
    const hour = 3_600_000;
    await waitMillis(hour, AbortSignal.abort());
    const stop = new AbortController();
    const waiting = waitMillis(hour, stop.signal);
    stop.abort();
    await waiting;
    expect(stop.signal.aborted).toBe(true);
  });

  it("ends by itself after its time", async () => {
    await expect(waitMillis(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
