import { randomUUID } from "node:crypto";
import { connect, type Channel, type ConfirmChannel, type GetMessage, type Options } from "amqplib";
import { deadQueueOf, retryQueueOf } from "../../src/broker/index.ts";
import { waitUntil } from "./wait.ts";

/** Looks at queues from outside, over a connection of its own. */
export interface TestQueues {
  /** A queue name no other test uses; removed at the end with its retry and dead-letter queue. */
  createName(): string;
  /** Puts a message into a queue, bypassing the code under test. */
  send(queue: string, body: unknown, options?: Options.Publish): Promise<void>;
  /** Takes the next message out of a queue, waiting for it. */
  take(queue: string): Promise<GetMessage>;
  /** Messages ready in the queue, those with a consumer not counted. */
  count(queue: string): Promise<number>;
  declare(queue: string): Promise<void>;
  remove(queue: string): Promise<void>;
  close(): Promise<void>;
}

export async function openTestQueues(url: string): Promise<TestQueues> {
  const connection = await connect(url);
  const channel: ConfirmChannel = await connection.createConfirmChannel();
  const names: string[] = [];
  const remove = async (queue: string): Promise<void> => {
    await withOwnChannel((own) => own.deleteQueue(queue));
  };
  async function withOwnChannel<T>(act: (own: Channel) => Promise<T>): Promise<T> {
    const own = await connection.createChannel();
    own.on("error", () => undefined);
    const result = await act(own);
    await own.close();
    return result;
  }
  return {
    createName: () => {
      const name = `test-${randomUUID()}`;
      names.push(name);
      return name;
    },
    send: (queue, body, options = {}) => {
      const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      return new Promise((resolve, reject) => {
        channel.sendToQueue(
          queue,
          content,
          { messageId: randomUUID(), persistent: true, ...options },
          (error) => {
            if (error instanceof Error) reject(error);
            else resolve();
          },
        );
      });
    },
    take: async (queue) => {
      const message = await waitUntil(`a message in ${queue}`, () => channel.get(queue, { noAck: true }));
      if (message === false) throw new Error("unreachable: waitUntil waits for a message");
      return message;
    },
    count: async (queue) => (await withOwnChannel((own) => own.checkQueue(queue))).messageCount,
    declare: async (queue) => void (await withOwnChannel((own) => own.assertQueue(queue))),
    remove,
    close: async () => {
      for (const name of names)
        for (const queue of [name, retryQueueOf(name), deadQueueOf(name)]) await remove(queue);
      await connection.close();
    },
  };
}
