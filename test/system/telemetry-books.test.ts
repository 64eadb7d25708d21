import type { TelemetryStats } from "@tracebridge/telemetry";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postOrder, waitForStatus } from "./orders.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";

const names = ["web", "order", "factory"] as const;
let stack: OrderStack;

beforeAll(async () => {
  stack = await startOrderStack();
});

afterAll(() => stack.stop());

it("every service tells at /health and in its last log line what became of its telemetry, and nothing is unaccounted for", async () => {
  await postOrder(stack, { id: "books-1" });
  await waitForStatus(stack, "books-1", "finished");
  for (const name of names) {
    const health = (await (await fetch(`${stack.urls[name]}/health`)).json()) as {
      telemetry: TelemetryStats;
    };
    expect(health).toMatchObject({ status: "ok", telemetry: { unaccounted: 0 } });
    expect(health.telemetry.spans.ended).toBeGreaterThan(0);
  }
  await Promise.all(names.map(async (name) => stack.processes.get(name)?.stop(10_000)));
  const { otlp, sentry } = stack.receiver;
  for (const name of names) {
    const stats = readLastStats(name);
    expect(stats.unaccounted).toBe(0);
    expect(otlp.spans.filter(({ service }) => service === name)).toHaveLength(stats.spans.ended);
    expect(sentry.spans.filter(({ service }) => service === name)).toHaveLength(stats.spans.ended);
    expect(stats.spans.sinks["otlp"]?.delivered).toBe(stats.spans.ended);
    expect(stats.sentry?.spans.delivered).toBe(stats.spans.ended);
  }
});

function readLastStats(name: string): TelemetryStats {
  const line = stack.output.get(name)?.findLast((text) => text.includes("Telemetry ended"));
  if (line === undefined) throw new Error(`${name} wrote no last line`);
  return (JSON.parse(line) as { stats: TelemetryStats }).stats;
}
