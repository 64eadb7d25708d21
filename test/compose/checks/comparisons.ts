import type { ComparisonVerdict, Difference, TraceComparison } from "@tracebridge/comparison";
import { readUntil } from "../../system/eventually.ts";
import { awaitArrivals } from "../arrivals.ts";
import { placeOrder } from "../orders.ts";
import type { ComposeStack } from "../stack.ts";
import { drawTable, type Check } from "./check.ts";

/** Added by the collector alone, so that what comes through it has more than what goes to Sentry. */
const addedKey = "cloud.region";
const shownDifferences = 20;

/** An order's trace is the same wherever compare in the stack reads it, the real Jaeger among them. */
export const comparisonsCheck: Check = {
  name: "Compare finds each place equal",
  run: async (stack) => {
    const settings = { COLLECTOR_RESOURCE_ATTRIBUTES: `${addedKey}=eu-central-1` };
    await stack.configure({ ...settings, FACTORY_DELAY_MILLIS: "50-100" });
    await stack.up();
    const since = new Date();
    const order = await placeOrder(stack);
    await awaitArrivals(stack, order, since, ["sentry", "otlp", "jaeger"]);
    const pairs = listPairs(await readSources(stack));
    const comparisons: TraceComparison[] = [];
    for (const pair of pairs) comparisons.push(await awaitComparison(stack, order.traceId ?? "", pair));
    const hasAdded = comparisons.some((comparison) => comparison.differences.some(isAdded));
    return {
      passed: pairs.length === 3 && hasAdded && comparisons.every(isEqual),
      lines: [
        `One order, compared by \`/api/comparisons/{traceId}\`; the collector adds \`${addedKey}\` to every resource, ` +
          `which ${hasAdded ? "is among the explained differences" : "NO COMPARISON SHOWS"}.`,
        "",
        ...drawTable(
          ["left", "right", "spans", "verdict", "explained", "unexplained"],
          comparisons.map(({ verdict, counts, left, right }, index) => [
            ...(pairs[index] ?? []),
            left.spans === right.spans ? left.spans : `${left.spans} and ${right.spans}`,
            verdict,
            counts.explained,
            counts.unexplained,
          ]),
        ),
        ...comparisons.flatMap(describeUnexplained),
      ],
    };
  },
};

type Pair = readonly [left: string, right: string];

async function readSources(stack: ComposeStack): Promise<string[]> {
  const response = await fetch(`${stack.urls.compare}/api/sources`);
  return ((await response.json()) as { name: string }[]).map(({ name }) => name);
}

/** Each source with each other one. */
function listPairs(sources: readonly string[]): Pair[] {
  return sources.flatMap((left, index) => sources.slice(index + 1).map((right): Pair => [left, right]));
}

const openVerdicts: readonly ComparisonVerdict[] = ["incomplete", "one-sided"];

/** Waits while something may still be on its way. */
function awaitComparison(
  stack: ComposeStack,
  traceId: string,
  [left, right]: Pair,
): Promise<TraceComparison> {
  const url = `${stack.urls.compare}/api/comparisons/${traceId}?${new URLSearchParams({ left, right }).toString()}`;
  return readUntil(
    async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as TraceComparison;
    },
    ({ verdict }) => !openVerdicts.includes(verdict),
    30_000,
  );
}

function isEqual({ verdict, counts, left, right }: TraceComparison): boolean {
  return verdict === "equal" && counts.unexplained === 0 && left.spans > 0 && left.spans === right.spans;
}

function isAdded({ verdict, field, right }: Difference): boolean {
  // Sentry keeps no resource: of all that is in it one difference is told.
  return verdict === "explained" && field === "resource" && Object.hasOwn(Object(right), addedKey);
}

function describeUnexplained({ left, right, differences }: TraceComparison): string[] {
  const unexplained = differences.filter(({ verdict }) => verdict === "unexplained");
  if (unexplained.length === 0) return [];
  const shown = unexplained
    .slice(0, shownDifferences)
    .map((difference) => `- \`${JSON.stringify(difference)}\``);
  return ["", `Unexplained between ${left.format} and ${right.format}:`, "", ...shown];
}
