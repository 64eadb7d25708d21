import amqp from "amqplib";
import type { ConfirmChannel, Options } from "amqplib";
import { openDeafProxy } from "../deaf-proxy.ts";
import { countEndedSpans, takeMessages, waitForClose } from "../bench.ts";
import type { Scenario } from "../bench.ts";

const content = Buffer.from("{}");

/** Resolves with what the confirmation said. */
function publish(
  channel: ConfirmChannel,
  routingKey: string,
  options: Options.Publish = {},
): Promise<string> {
  return new Promise((resolve) => {
    channel.publish("", routingKey, content, options, (error: Error | null) => {
      resolve(error ? error.message : "confirmed");
    });
  });
}

/** The moments at which the span of a publish could end. */
export const confirm: Scenario = async ({ queue, openConfirmChannel }) => {
  const channel = await openConfirmChannel();
  const before = countEndedSpans();
  const confirmed = publish(channel, queue);
  const afterPublish = countEndedSpans() - before;
  const answer = await confirmed;
  const afterConfirm = countEndedSpans() - before;
  const [message] = await takeMessages(channel, queue, 1, (taken) => channel.ack(taken));
  return { answer, afterPublish, afterConfirm, headers: message?.properties.headers };
};

/** Each call throws; what is there to end the span is never called. */
export const closedChannel: Scenario = async ({ queue, openChannel, openConfirmChannel }) => {
  const { channel } = await openChannel();
  const confirmChannel = await openConfirmChannel();
  await channel.close();
  await confirmChannel.close();
  const before = countEndedSpans();
  let confirmations = 0;
  const calls = [
    () => channel.publish("", queue, content),
    () => confirmChannel.publish("", queue, content, {}, () => (confirmations += 1)),
  ];
  const thrown = calls.map((call) => {
    try {
      return String(call());
    } catch (error) {
      return String(error);
    }
  });
  return { thrown, confirmations, ended: countEndedSpans() - before };
};

export const unroutable: Scenario = async ({ queue, openConfirmChannel, look }) => {
  const channel = await openConfirmChannel();
  const nowhere = `${queue}-nowhere`;
  const order: string[] = [];
  channel.on("return", ({ properties }) => order.push(`returned ${String(properties.messageId)}`));
  for (const [messageId, mandatory] of [
    ["plain", false],
    ["mandatory", true],
  ] as const)
    order.push(`${await publish(channel, nowhere, { messageId, mandatory })} ${messageId}`);
  return { order, ...(await look()) };
};

/** A queue that takes one message and refuses the others. */
export const refused: Scenario = async ({ queue, openConfirmChannel }) => {
  const channel = await openConfirmChannel();
  const full = `${queue}-full`;
  await channel.assertQueue(full, { arguments: { "x-max-length": 1, "x-overflow": "reject-publish" } });
  const answers = [await publish(channel, full), await publish(channel, full)];
  await channel.deleteQueue(full);
  return { answers };
};

/** The broker takes three messages, and its answers are lost with the connection. */
export const reset: Scenario = async ({ url, queue, waitUntilWaiting, look }) => {
  const proxy = await openDeafProxy(url);
  const connection = await amqp.connect(proxy.url);
  connection.on("error", () => {});
  const closed = waitForClose(connection);
  const channel = await connection.createConfirmChannel();
  proxy.swallowAnswers();
  const answers = ["one", "two", "three"].map((messageId) => publish(channel, queue, { messageId }));
  await waitUntilWaiting(3);
  proxy.reset();
  await closed;
  const found = { answers: await Promise.all(answers), ...(await look()) };
  proxy.close();
  return found;
};
