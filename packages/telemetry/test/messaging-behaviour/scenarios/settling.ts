import { setImmediate } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import { activeTraceId, consumeWithTrace, withSpan } from "@tracebridge/telemetry";
import { countEndedSpans, takeMessages } from "../bench.ts";
import type { Scenario } from "../bench.ts";

export const requeue: Scenario = async ({ queue, openChannel, send }) => {
  const { channel } = await openChannel();
  await send("again");
  const taken = await takeMessages(channel, queue, 2, (message, number) => {
    if (number === 1) channel.nack(message, false, true);
    else channel.ack(message);
  });
  return { redelivered: taken.map(({ fields }) => fields.redelivered) };
};

/** Three messages are worked on at once, and settled in another order than they came. */
export const prefetch: Scenario = async ({ queue, openChannel, send }) => {
  const { channel } = await openChannel();
  await channel.prefetch(3);
  await send("one", "two", "three");
  const before = countEndedSpans();
  const works: Promise<void>[] = [];
  const taken = await takeMessages(channel, queue, 3, ({ content }) => {
    const work = async (): Promise<void> => {
      await setImmediate();
      withSpan(`work on ${content.toString()}`, () => {});
    };
    works.push(work());
  });
  await Promise.all(works);
  const endedAfter = taken.toReversed().map((message) => {
    channel.ack(message);
    return countEndedSpans() - before - works.length;
  });
  return { endedAfter };
};

export const allUpTo: Scenario = async ({ queue, openChannel, send }) => {
  const { channel } = await openChannel();
  await send("one", "two", "three");
  const taken = await takeMessages(channel, queue, 3);
  const before = countEndedSpans();
  const [, second, third] = taken as [ConsumeMessage, ConsumeMessage, ConsumeMessage];
  channel.ack(second, true);
  const endedBySecond = countEndedSpans() - before;
  channel.ack(third);
  return { endedBySecond, endedByThird: countEndedSpans() - before };
};

/** The handler goes on after its first `await`; the span does not wait for it. */
export const noAck: Scenario = async ({ queue, openChannel, send }) => {
  const { channel } = await openChannel();
  await send("quick");
  const before = countEndedSpans();
  const ended: number[] = [];
  let work = Promise.resolve();
  const handle = async (): Promise<void> => {
    ended.push(countEndedSpans() - before);
    await setImmediate();
    ended.push(countEndedSpans() - before);
    withSpan("late work", () => {});
  };
  await takeMessages(channel, queue, 1, () => (work = handle()), { noAck: true });
  await work;
  return { ended };
};

export const get: Scenario = async ({ queue, openChannel, send }) => {
  const { channel } = await openChannel();
  await send("fetched");
  const before = countEndedSpans();
  const message = await channel.get(queue);
  if (!message) throw new Error("the queue was empty");
  const isTraced = activeTraceId() !== undefined;
  channel.ack(message);
  const ended = countEndedSpans() - before;
  const { headers } = message.properties;
  consumeWithTrace(headers, { system: "rabbitmq", destination: `${queue}-by-hand` }, () => {});
  return { isTraced, ended };
};

/** As a library does that hands on messages of its own making. */
export const copy: Scenario = async ({ queue, openChannel, send, look }) => {
  const { channel } = await openChannel();
  await send("copied");
  const [message] = (await takeMessages(channel, queue, 1)) as [ConsumeMessage];
  const before = countEndedSpans();
  const { fields, properties, content } = message;
  channel.ack({ fields, properties, content });
  const { waiting } = await look();
  const endedByAck = countEndedSpans() - before;
  await channel.close();
  return { endedByAck, endedByClose: countEndedSpans() - before, waiting, left: (await look()).waiting };
};
