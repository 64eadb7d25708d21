import { afterAll, afterEach, beforeAll } from "vitest";
import { z } from "zod";
import { startBroker, type Broker, type ConsumerOptions } from "../../src/broker/index.ts";
import { createRecordingLogger, type RecordingLogger } from "../support/log.ts";
import { startProxy, type Proxy } from "../support/proxy.ts";
import { openTestQueues, type TestQueues } from "../support/test-queues.ts";
import { waitUntil } from "../support/wait.ts";

export const testMessageSchema = z.object({ id: z.string() });
export type TestMessage = z.infer<typeof testMessageSchema>;

interface Consuming {
  broker: Broker;
  consumer: { close(timeoutMillis: number): Promise<void> };
  log: RecordingLogger;
}

/** Everything the consumer suites need; what a test opens is closed after it. */
interface ConsumerBench {
  queues(): TestQueues;
  consume(
    queue: string,
    options: Partial<Omit<ConsumerOptions<TestMessage>, "queue" | "schema">>,
    url?: string,
  ): Promise<Consuming>;
  startProxy(): Promise<Proxy>;
}

/** Call it inside a `describe`: it registers the hooks. */
export function setUpConsumerBench(readUrl: () => string): ConsumerBench {
  let queues: TestQueues;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    queues = await openTestQueues(readUrl());
  });
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });
  afterAll(() => queues.close());

  return {
    queues: () => queues,
    consume: async (queue, options, url = readUrl()) => {
      const log = createRecordingLogger();
      const broker = await startBroker({
        url,
        service: "test",
        queues: [queue],
        logger: log.logger,
        retryDelayMillis: 50,
      });
      open.push(() => broker.close());
      await waitUntil("the connection", () => broker.isConnected());
      const consumer = await broker.consume({
        queue,
        schema: testMessageSchema,
        prefetch: 5,
        businessIds: ({ id }: TestMessage) => ({ orderId: id }),
        handle: () => undefined,
        ...options,
      });
      return { broker, consumer, log };
    },
    startProxy: async () => {
      const proxy = await startProxy(readUrl());
      open.push(() => proxy.close());
      return proxy;
    },
  };
}
