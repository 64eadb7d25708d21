import { measureBacklogs, type BacklogPlan } from "./flatness/backlog.ts";
import { measureHeapSlope, type SlopePlan } from "./flatness/heap-slope.ts";
import { measureLeftBehind } from "./flatness/left-behind.ts";
import { measureSizes, type SizePlan } from "./flatness/spans-per-trace.ts";
import type { BenchOptions } from "./main.ts";
import { preparePeers } from "./peers.ts";
import { startCountingReceiver } from "./receiver.ts";
import { describeMachine, readLoad } from "./results.ts";

interface Plan {
  sizes: SizePlan;
  backlog: BacklogPlan;
  slope: SlopePlan;
}

const fullPlan: Plan = {
  sizes: { rounds: 3, spans: 3_000 },
  backlog: { rounds: 2, leastSpans: 2_000 },
  slope: { seconds: 570, warmUpSeconds: 30, cycleSeconds: 10 },
};
const quickPlan: Plan = {
  sizes: { rounds: 1, spans: 1_000 },
  backlog: { rounds: 1, leastSpans: 100 },
  slope: { seconds: 30, warmUpSeconds: 0, cycleSeconds: 2 },
};

/** OpenTelemetry alone shows what of a figure is the machine's and the bench's. */
const compared = new Set(["otel-otlp", "ours-both", "before-both"]);

/** Whether cost and memory stay the same however large traces are, however many there are, however long it lasts. */
export async function benchFlatness({ quick, before, only }: BenchOptions): Promise<string> {
  const plan = quick ? quickPlan : fullPlan;
  const load = readLoad();
  const peers = (await preparePeers({ before, only })).filter(({ name }) => compared.has(name));
  const ours = peers.find(({ name }) => name === "ours-both");
  if (!ours) throw new Error("flatness is measured of ours-both");
  const receiver = await startCountingReceiver();
  const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
  try {
    tell("spans per trace");
    const sizes = await measureSizes(peers, receiver, plan.sizes);
    tell("backlogs");
    const backlogs = await measureBacklogs(ours, receiver, plan.backlog);
    tell("what is left behind");
    const left = await measureLeftBehind(ours, receiver);
    tell("heap under a constant load");
    const slope = await measureHeapSlope(peers, receiver, plan.slope);
    return [describeMachine(load), "", describe({ sizes, backlogs, left, slope }, plan)].join("\n");
  } finally {
    await receiver.stop();
  }
}

function describe(
  { sizes, backlogs, left, slope }: Record<"sizes" | "backlogs" | "left" | "slope", string>,
  plan: Plan,
): string {
  const { seconds, cycleSeconds } = plan.slope;
  return [
    "Processor time of all threads per span, in microseconds, by the number of spans in a trace: median of " +
      `${plan.sizes.rounds} rounds,`,
    "lowest and highest in parentheses. *Written* and *sent* as in `isolation`. Sentry's protocol has one trace an envelope, so what",
    "an envelope costs is shared by the spans of one trace only.",
    "",
    sizes,
    "",
    "ours-both, when so many traces of ten spans, all open, end within a second:",
    "",
    backlogs,
    "",
    "ours-both, when 5,000 traces of ten spans are open at a time, then end, and everything is sent or given up; each state after",
    "garbage collections, compared with the one before the cycle. Bytes are those of the heap and of buffers outside of it:",
    "",
    left,
    "",
    `The heap and buffers outside of it (*held*) after a garbage collection every ${cycleSeconds} s, under 1,000 spans a second for`,
    `${seconds} s; slope by least squares:`,
    "",
    slope,
  ].join("\n");
}
