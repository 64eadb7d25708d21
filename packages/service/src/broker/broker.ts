import { connect, type Channel, type ChannelModel, type RecoveringChannelModel } from "amqplib";
import { runUntraced } from "@tracebridge/telemetry";
import type { Logger } from "@tracebridge/telemetry/logger";
import { Consumer, type ConsumerOptions } from "./consumer.ts";
import { Publisher, type OutgoingMessage } from "./publisher.ts";
import { declareQueues, defaultRetryDelayMillis } from "./topology.ts";

interface BrokerOptions {
  url: string;
  /** Name of the service, shown in the broker's list of connections. */
  service: string;
  /** Queues this service sends to or takes from; declared after every connect. */
  queues: readonly string[];
  logger: Logger;
  /** The same in every service that declares the queue: the broker refuses a different value. */
  retryDelayMillis?: number;
}

/** A connection to the broker that comes back by itself. */
export interface Broker {
  isConnected(): boolean;
  /** @throws BrokerError when the broker did not confirm */
  publish(message: OutgoingMessage, timeoutMillis?: number): Promise<void>;
  /** Takes messages from a queue, now if there is a connection and again after every reconnect. */
  consume<T>(
    options: Omit<ConsumerOptions<T>, "logger" | "publisher">,
  ): Promise<{ close(timeoutMillis: number): Promise<void> }>;
  close(): Promise<void>;
}

const heartbeatSeconds = 10;
const connectTimeoutMillis = 10_000;

/**
 * Starts connecting and returns at once; a broker that is away is tried again until it answers. Everything that
 * belongs to a connection (channels, queues, consumers) is made in amqplib's recovery set-up, so that there is one
 * path for the first connect and for every reconnect. A channel that closes alone takes its connection with it.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { logger } = options;
  const publisher = new Publisher();
  const consumers = new Set<Pick<Consumer<unknown>, "attach">>();
  let current: ChannelModel | undefined;

  const setup = async (model: ChannelModel): Promise<void> => {
    // Without a listener an error during the set-up would end the process; the close event brings it to us too.
    model.on("error", () => undefined);
    const watch = watchChannels(model, logger);
    const channel = await model.createConfirmChannel();
    watch(channel);
    await declareQueues(channel, options.queues, {
      retryDelayMillis: options.retryDelayMillis ?? defaultRetryDelayMillis,
      serverProperties: model.connection.serverProperties,
    });
    publisher.attach(channel);
    for (const consumer of consumers) await consumer.attach(model, watch);
    current = model;
  };

  const connection = await runUntraced(() =>
    connect(withHeartbeat(options.url), {
      noDelay: true,
      keepAlive: true,
      timeout: connectTimeoutMillis,
      clientProperties: { connection_name: options.service },
      recovery: { initialDelay: 200, maxDelay: 5000, waitForConnect: false, setup },
    }),
  );
  logConnection(connection, logger);
  let connected = false;
  connection.on("connect", () => (connected = true));
  connection.on("disconnect", () => {
    connected = false;
    current = undefined;
  });

  return {
    isConnected: () => connected,
    publish: (message, timeoutMillis) => publisher.publish(message, timeoutMillis),
    consume: async (consumerOptions) => {
      const consumer = new Consumer({ ...consumerOptions, logger, publisher });
      consumers.add(consumer);
      if (current) {
        const model = current;
        await runUntraced(() => consumer.attach(model, watchChannels(model, logger))).catch(() => {
          // The connection broke meanwhile; the next set-up subscribes.
        });
      }
      return consumer;
    },
    close: () => connection.close(),
  };
}

/**
 * amqplib ignores `heartbeat` among the connect options; it has to be in the URL. A value of the user's own stays.
 */
export function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("heartbeat")) parsed.searchParams.set("heartbeat", String(heartbeatSeconds));
  return parsed.toString();
}

/** A channel that closes (or whose queue was deleted) while its connection lives: start over with a new connection. */
function watchChannels(model: ChannelModel, logger: Logger): (channel: Channel) => void {
  let replaced = false;
  const replace = (): void => {
    if (replaced) return;
    replaced = true;
    // Rejects when the connection is closed already, which is what we want.
    void model.close().catch(() => undefined);
  };
  return (channel) => {
    channel.on("error", (error: Error) => logger.warn({ err: error }, "The broker closed a channel"));
    channel.on("cancelled-by-broker", () => {
      logger.warn("The broker cancelled a consumer");
      replace();
    });
    channel.once("close", replace);
  };
}

function logConnection(connection: RecoveringChannelModel, logger: Logger): void {
  connection.on("connect", () => logger.info("Connected to the broker"));
  connection.on("disconnect", (error) => logger.warn({ err: error }, "Lost the broker"));
  connection.on("reconnect-scheduled", ({ attempt, delay, error }) =>
    logger.warn({ attempt, delayMillis: delay, err: error }, "The broker is away; trying again"),
  );
  // Reported with the disconnect.
  connection.on("error", () => undefined);
  connection.on("blocked", (reason) => logger.warn({ reason }, "The broker takes no messages at the moment"));
  connection.on("unblocked", () => logger.info("The broker takes messages again"));
}
