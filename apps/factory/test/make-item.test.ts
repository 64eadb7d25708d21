import { expect, test } from "vitest";
import type { ChangeResult, FactoryMessage, Logger } from "@tracebridge/service";
import { createRecordingLogger } from "../../../packages/service/test/support/log.ts";
import { createMakeItemConsumer } from "../src/consumers/make-item.ts";

interface Step {
  to: string;
  steps: string[];
}

/** A store that accepts everything and remembers what an item became. */
function createStore(steps: Step[]) {
  return {
    create: () => Promise.resolve({ created: true } as const),
    change: (change: { to: string; messages?: readonly { step: string }[] }): Promise<ChangeResult> => {
      steps.push({ to: change.to, steps: (change.messages ?? []).map(({ step }) => step) });
      return Promise.resolve("changed");
    },
  };
}

async function make(
  message: Omit<FactoryMessage, "type" | "id">,
  settings: {
    attempt?: number;
    failRate?: number;
    random?: number;
    signal?: AbortSignal;
    delayMillis?: number;
  } = {},
): Promise<Step[]> {
  const steps: Step[] = [];
  const logger: Logger = createRecordingLogger().logger;
  const {
    attempt = 1,
    failRate = 0,
    random = 0.5,
    signal = new AbortController().signal,
    delayMillis = 0,
  } = settings;
  const delay = { minMillis: delayMillis, maxMillis: delayMillis };
  const consumer = createMakeItemConsumer({
    store: createStore(steps),
    logger,
    delay,
    failRate,
    random: () => random,
  });
  await consumer.handle({
    message: { type: "make", id: "a", ...message },
    messageId: "m-1",
    attempt,
    signal,
  });
  return steps;
}

const describeOutcome = (work: Promise<Step[]>): Promise<unknown> =>
  work.catch((error: unknown) => (error instanceof Error ? error.message : error));

const finished = [{ to: "finished", steps: ["finished"] }];

test("an item is finished, and order is told so", async () => {
  expect(await make({})).toEqual(finished);
});

test.each([
  { fail: "once", attempt: 1, fails: true },
  { fail: "once", attempt: 2, fails: false },
  { fail: "always", attempt: 1, fails: true },
  { fail: "always", attempt: 3, fails: true },
] as const)(
  "an order that is to fail $fail: attempt $attempt fails: $fails",
  async ({ fail, attempt, fails }) => {
    const outcome = await describeOutcome(make({ fail }, { attempt }));
    expect(outcome).toEqual(fails ? "The machine broke down, as the order asked for" : finished);
  },
);

test.each([
  { failRate: 0, random: 0, fails: false },
  { failRate: 0.3, random: 0.29, fails: true },
  { failRate: 0.3, random: 0.3, fails: false },
  { failRate: 1, random: 0.999, fails: true },
])(
  "FACTORY_FAIL_RATE $failRate and a draw of $random: fails: $fails",
  async ({ failRate, random, fails }) => {
    const outcome = await describeOutcome(make({}, { failRate, random }));
    expect(outcome).toEqual(fails ? "The machine broke down by chance" : finished);
  },
);

test("the work stops when it has to be handed back", async () => {
  const stop = new AbortController();
  const work = make({}, { delayMillis: 600_000, signal: stop.signal });
  stop.abort();
  await expect(work).rejects.toThrow("aborted");
});
