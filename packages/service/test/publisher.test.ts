import { EventEmitter } from "node:events";
import type { ConfirmChannel, Options } from "amqplib";
import { expect, test } from "vitest";
import { Publisher } from "../src/broker/publisher.ts";

/** Takes messages as a broker does that confirms only when it is told to. */
class SilentChannel extends EventEmitter {
  readonly published: { options: Options.Publish; confirm: () => void }[] = [];

  publish(
    _exchange: string,
    _queue: string,
    _content: Buffer,
    options: Options.Publish,
    done: (error: unknown) => void,
  ) {
    this.published.push({ options, confirm: () => done(null) });
    return true;
  }
}

function attach(): { publisher: Publisher; channel: SilentChannel } {
  const channel = new SilentChannel();
  const publisher = new Publisher();
  publisher.attach(channel as unknown as ConfirmChannel);
  return { publisher, channel };
}

const content = Buffer.from("{}");

test("at most 256 messages are on their way; a confirm lets the next one go", async () => {
  const { publisher, channel } = attach();
  const all = Array.from({ length: 300 }, (_, index) =>
    publisher.publish({ queue: "jobs", messageId: String(index), content }),
  );
  expect(channel.published).toHaveLength(256);
  channel.published[7]?.confirm();
  await all[7];
  await new Promise(setImmediate);
  expect(channel.published).toHaveLength(257);
  for (const { confirm } of channel.published) confirm();
  while (channel.published.length < 300) await new Promise(setImmediate);
  for (const { confirm } of channel.published) confirm();
  await Promise.all(all);
});

test("a message that found no room in time is given up, and the others go on", async () => {
  const { publisher, channel } = attach();
  const first = Array.from({ length: 256 }, (_, index) =>
    publisher.publish({ queue: "jobs", messageId: String(index), content }),
  );
  await expect(publisher.publish({ queue: "jobs", messageId: "late", content }, 20)).rejects.toMatchObject({
    code: "BROKER_TIMEOUT",
  });
  for (const { confirm } of channel.published) confirm();
  await Promise.all(first);
  expect(channel.published).toHaveLength(256);
});

test("what is written into the options of one publish is not in those of the next", async () => {
  const { publisher, channel } = attach();
  const message = { queue: "jobs", messageId: "m-1", content, headers: { mark: "x" } };
  const first = publisher.publish(message);
  // instrumentation-amqplib does this with the trace headers.
  Object.assign(channel.published[0]?.options.headers ?? {}, { traceparent: "somebody's" });
  const second = publisher.publish(message);
  expect(channel.published[1]?.options.headers).toEqual({ mark: "x" });
  expect(message.headers).toEqual({ mark: "x" });
  for (const { confirm } of channel.published) confirm();
  await Promise.all([first, second]);
});
