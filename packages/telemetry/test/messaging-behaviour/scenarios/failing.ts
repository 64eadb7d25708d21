import { setImmediate } from "node:timers/promises";
import { countEndedSpans, takeMessages, waitForClose } from "../bench.ts";
import type { Scenario } from "../bench.ts";

/** amqplib closes the channel and tells nobody but its error listener; the connection does not notice. */
export const synchronousThrow: Scenario = async ({ queue, openChannel, send, waitUntilWaiting, look }) => {
  const { channel, errors } = await openChannel();
  const closed = waitForClose(channel);
  await channel.consume(queue, () => {
    throw new Error("no luck");
  });
  await send("deadly");
  await closed;
  await send("next");
  await waitUntilWaiting(2);
  return { errors, ...(await look()) };
};

/** The message stays where it is: neither worked on nor given back, until the channel closes. */
export const asynchronousThrow: Scenario = async ({ queue, openChannel, send, waitUntilWaiting, look }) => {
  const unhandled: string[] = [];
  const listener = (reason: Error): number => unhandled.push(reason.message);
  process.on("unhandledRejection", listener);
  const { channel, errors } = await openChannel();
  await channel.prefetch(1);
  await send("deadly", "next");
  const before = countEndedSpans();
  let handled = 0;
  const handle = async (): Promise<void> => {
    handled += 1;
    await setImmediate();
    throw new Error("no luck");
  };
  await takeMessages(channel, queue, 1, handle);
  await waitUntilWaiting(1);
  while (unhandled.length === 0) await setImmediate();
  const held = { handled, ended: countEndedSpans() - before, ...(await look()) };
  process.off("unhandledRejection", listener);
  await channel.close();
  await waitUntilWaiting(2);
  return { errors, unhandled, held, endedByClose: countEndedSpans() - before };
};
