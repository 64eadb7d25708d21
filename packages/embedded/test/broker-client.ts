import { connect, type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from "amqplib";
import { afterEach } from "vitest";
import { startBroker, type Broker, type BrokerOptions } from "../src/index.ts";

/** Brokers and connections of one test file, all ended after each test. */
export interface Bench {
  start(options?: BrokerOptions): Promise<Broker>;
  connect(broker: Broker, query?: string): Promise<ChannelModel>;
  /** A channel of a new connection; errors of the channel reach `errors`. */
  channel(broker: Broker): Promise<ConfirmChannel>;
  errors: Error[];
}

export function createBench(): Bench {
  const brokers: Broker[] = [];
  const connections: ChannelModel[] = [];
  const errors: Error[] = [];
  const bench: Bench = {
    errors,
    start: async (options) => {
      const broker = await startBroker(options);
      brokers.push(broker);
      return broker;
    },
    connect: async (broker, query = "") => {
      const connection = await connect(broker.url + query);
      connection.on("error", (error) => errors.push(error));
      connections.push(connection);
      return connection;
    },
    channel: async (broker) => {
      const channel = await (await bench.connect(broker)).createConfirmChannel();
      channel.on("error", (error) => errors.push(error));
      return channel;
    },
  };
  afterEach(async () => {
    errors.length = 0;
    for (const connection of connections.splice(0)) await connection.close().catch(() => undefined);
    for (const broker of brokers.splice(0)) await broker.close();
  });
  return bench;
}

/** Consumes and hands out one message after the other, as they come. */
export async function startConsumer(channel: Channel, queue: string): Promise<() => Promise<ConsumeMessage>> {
  const waiting: ConsumeMessage[] = [];
  const takers: ((message: ConsumeMessage) => void)[] = [];
  await channel.consume(queue, (message) => {
    if (message === null) return;
    const taker = takers.shift();
    if (taker === undefined) waiting.push(message);
    else taker(message);
  });
  return () => {
    const message = waiting.shift();
    return message === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(message);
  };
}

/** Bodies of what waits in a queue, taken out of it. */
export async function drainQueue(channel: Channel, queue: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (message === false) return bodies;
    bodies.push(message.content.toString());
  }
}
