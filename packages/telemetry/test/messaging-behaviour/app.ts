// Runs every scenario with plain amqplib under the instrumentation, one after the other, and says what it saw.
// AMQP_URL: the broker. FIXTURE_RUN: what tells the queues of this run from others'.
import { getTelemetry } from "@tracebridge/telemetry";
import { openBench } from "./bench.ts";
import type { Facts } from "./bench.ts";
import { asynchronousThrow, synchronousThrow } from "./scenarios/failing.ts";
import { closedChannel, confirm, refused, reset, unroutable } from "./scenarios/publishing.ts";
import { allUpTo, copy, get, noAck, prefetch, requeue } from "./scenarios/settling.ts";

const scenarios = {
  confirm,
  requeue,
  prefetch,
  allUpTo,
  noAck,
  get,
  copy,
  synchronousThrow,
  asynchronousThrow,
  closedChannel,
  unroutable,
  refused,
  reset,
};
export type ScenarioName = keyof typeof scenarios;

const facts: Record<string, Facts> = {};
for (const [name, run] of Object.entries(scenarios)) {
  const bench = await openBench(process.env["AMQP_URL"] ?? "", `${name}-${process.env["FIXTURE_RUN"] ?? ""}`);
  facts[name] = await run(bench);
  await bench.close();
}
await getTelemetry()?.shutdown();
console.log(JSON.stringify({ scenarios: facts }));
