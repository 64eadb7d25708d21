import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { readUntil } from "../../system/eventually.ts";
import { countSpansInJaeger } from "../arrivals.ts";
import type { ComposeStack } from "../stack.ts";
import type { Check } from "./check.ts";

const spansPerSecond = 100;
const secondsBefore = 10;
const secondsDown = 120;
const secondsAfter = 10;
const arriveWithinMillis = 180_000;

/** Jaeger is down for two minutes, and the collector is killed meanwhile; nothing is missing afterwards. */
export const outageCheck: Check = {
  name: "Jaeger down for 2 minutes under 100 spans a second",
  run: async (stack) => {
    await stack.configure({});
    await stack.up();
    const sender = createSender(stack);
    await sender.run(secondsBefore);
    await stack.compose("stop", "msJaeger");
    await sender.run(secondsDown / 2);
    await stack.compose("kill", "--signal", "KILL", "msCollector");
    await stack.compose("start", "msCollector");
    await sender.run(secondsDown / 2);
    const atReturn = sender.sent();
    await stack.compose("start", "msJaeger");
    const returned = Date.now();
    await sender.run(secondsAfter);
    const wanted = sender.sent();
    const arrived = await readUntil(
      () => countAll(stack, sender.traceIds),
      (count) => count >= wanted,
      arriveWithinMillis,
    );
    const seconds = Math.round((Date.now() - returned) / 1000);
    return {
      passed: arrived === wanted,
      lines: [
        `${spansPerSecond} spans a second by OTLP to the collector, for ${secondsBefore} s before, ${secondsDown} s ` +
          `during and ${secondsAfter} s after Jaeger was stopped; after one minute of the outage the collector was ` +
          "killed (SIGKILL) and started again.",
        "",
        `${wanted} spans accepted (${atReturn} before Jaeger returned), ${arrived} in Jaeger (query API v3) ` +
          `${seconds} s after its return: ${arrived === wanted ? "nothing lost" : "NOT THE SAME"}.`,
      ],
    };
  },
};

interface Sender {
  traceIds: string[];
  /** Spans that the collector accepted. */
  sent(): number;
  run(seconds: number): Promise<void>;
}

function createSender(stack: ComposeStack): Sender {
  const traceIds: string[] = [];
  const sendOne = async (): Promise<boolean> => {
    const traceId = randomBytes(16).toString("hex");
    const body = JSON.stringify(createTrace(traceId));
    // As every OTLP sender does: what was not accepted is sent again.
    const accepted = await readUntil(
      () => post(`${stack.urls.otlp}/v1/traces`, body),
      (isAccepted) => isAccepted,
      60_000,
    );
    if (accepted) traceIds.push(traceId);
    return accepted;
  };
  return {
    traceIds,
    sent: () => traceIds.length * spansPerSecond,
    run: async (seconds) => {
      const sending: Promise<boolean>[] = [];
      for (let second = 0; second < seconds; second += 1) {
        sending.push(sendOne());
        await sleep(1000);
      }
      const answers = await Promise.all(sending);
      if (answers.includes(false)) throw new Error("the collector accepted nothing for a minute");
    },
  };
}

async function post(url: string, body: string): Promise<boolean> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** One trace with a second's spans, in OTLP's JSON. */
function createTrace(traceId: string): unknown {
  const now = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: spansPerSecond }, (_, index) => ({
    traceId,
    spanId: randomBytes(8).toString("hex"),
    name: `span ${index}`,
    kind: 1,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1_000_000n),
  }));
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "outage-test" } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "outage-test" }, spans }] }] };
}

async function countAll(stack: ComposeStack, traceIds: readonly string[]): Promise<number> {
  let sum = 0;
  for (const traceId of traceIds) sum += await countSpansInJaeger(stack, traceId);
  return sum;
}
