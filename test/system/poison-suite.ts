import { randomUUID } from "node:crypto";
import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from "amqplib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readUntil } from "./eventually.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder, waitForStatus } from "./orders.ts";

const queues = ["order", "factory", "web"];
const poisons: [name: string, body: Buffer][] = [
  ["no JSON", Buffer.from("{not json")],
  ["an empty body", Buffer.alloc(0)],
  ["an unknown shape", Buffer.from(JSON.stringify({ hello: "world" }))],
  ["an operator object for an id", Buffer.from(JSON.stringify({ id: { $gt: "" } }))],
  ["more than 64 KiB", Buffer.from(JSON.stringify({ id: "x".repeat(70_000) }))],
];

/** Messages that no consumer can work on. Runs against the embedded broker and against RabbitMQ. */
export function describePoison(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`a poison message over ${broker}`, () => {
    let stack: OrderStack;
    let connection: ChannelModel;
    let channel: ConfirmChannel;
    beforeAll(async () => {
      stack = await startOrderStack({ amqpUrl: readAmqpUrl() });
      connection = await connect(stack.servers.amqpUrl);
      channel = await connection.createConfirmChannel();
    });
    afterAll(async () => {
      await connection.close();
      await stack.stop();
    });

    it.each(queues)("on queue %s is dead-lettered with its reason, and the queue goes on", async (queue) => {
      for (const [, body] of poisons) channel.sendToQueue(queue, body, { messageId: randomUUID() });
      await channel.waitForConfirms();
      const dead: GetMessage[] = [];
      await readUntil(
        async () => {
          const message = await channel.get(`${queue}.dead`, { noAck: true });
          if (message) dead.push(message);
          return dead.length;
        },
        (count) => count === poisons.length,
        15_000,
      );
      expect(dead.map((message) => message.content.length).toSorted((a, b) => a - b)).toEqual(
        poisons.map(([, body]) => body.length).toSorted((a, b) => a - b),
      );
      for (const message of dead) expect(message.properties.headers?.["x-dead-reason"]).toMatch(/\S/);
      const id = randomUUID();
      await postOrder(stack, { id });
      await waitForStatus(stack, id, "finished");
    });
  });
}
