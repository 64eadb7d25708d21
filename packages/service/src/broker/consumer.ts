import { setMaxListeners } from "node:events";
import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { z } from "zod";
import { captureError, withBusinessContext } from "@tracebridge/telemetry";
import type { Logger } from "@tracebridge/telemetry/logger";
import { createDeadLetter, readMessageId, type Death } from "./dead-letter.ts";
import { readAttempt, readEarlierDeliveries, readIncoming } from "./incoming.ts";
import { runThroughOutages, type Outages } from "./outages.ts";
import type { Publisher } from "./publisher.ts";
import { createSettlement, type Settlement } from "./settlement.ts";

/** One message on its way through a handler. */
export interface Delivery<T> {
  message: T;
  messageId: string;
  /** From 1. */
  attempt: number;
  /** Aborted when the message must be given back: the service shuts down, or the connection broke. */
  signal: AbortSignal;
}

export interface ConsumerOptions<T> {
  queue: string;
  schema: z.ZodType<T>;
  /** How many messages are worked on at once. */
  prefetch: number;
  /** Attempts before the message goes to the dead-letter queue; default 3. */
  maxAttempts?: number;
  /** The ids everything about this message is found by. */
  businessIds: (message: T) => Readonly<Record<string, string>>;
  /** Idempotent by `messageId`. Resolving acknowledges the message, throwing is a failed attempt. */
  handle: (delivery: Delivery<T>) => void | Promise<void>;
  /** Whether no further attempt can help after this failure: the message is given up at once. */
  isFinal?: (error: unknown) => boolean;
  /** Called after the last attempt failed, before the message goes to the dead-letter queue. */
  giveUp?: (delivery: Delivery<T>, error: unknown) => Promise<void>;
  outages?: Outages;
  logger: Logger;
  publisher: Publisher;
}

/** A delivered message, what it says, and its one settlement. */
interface Job<T> {
  delivered: ConsumeMessage;
  delivery: Delivery<T>;
  settlement: Settlement;
  /** Fields of every log line about it. */
  fields: Readonly<Record<string, unknown>>;
}

const defaultMaxAttempts = 3;
/**
 * A message that takes its consumer down with it must not do so for ever. Below RabbitMQ 4's own limit of 20, after
 * which the broker would move the message without a reason.
 * https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
const maxEarlierDeliveries = 15;

/** Takes messages from one queue, settles each exactly once, and lets no message stop the others. */
export class Consumer<T> {
  readonly #options: ConsumerOptions<T>;
  readonly #active = new Set<Promise<void>>();
  #subscription: { channel: Channel; consumerTag: string | undefined; stop: AbortController } | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ConsumerOptions<T>) {
    this.#options = options;
  }

  /** Subscribes on a new channel of this connection; called again after every reconnect. */
  async attach(model: ChannelModel, watch: (channel: Channel) => void): Promise<void> {
    if (this.#closing) return;
    const channel = await model.createChannel();
    const stop = new AbortController();
    // One listener per message that waits; the prefetch bounds them.
    setMaxListeners(0, stop.signal);
    channel.once("close", () => stop.abort(new Error("the channel was closed")));
    watch(channel);
    const subscription = { channel, consumerTag: undefined as string | undefined, stop };
    this.#subscription = subscription;
    await channel.prefetch(this.#options.prefetch);
    const { consumerTag } = await channel.consume(this.#options.queue, (message) => {
      if (message) this.#accept(channel, message, stop.signal);
      else channel.emit("cancelled-by-broker");
    });
    subscription.consumerTag = consumerTag;
  }

  /**
   * Takes no more messages, asks running handlers to give theirs back, and waits until all are settled or
   * `timeoutMillis` have passed. What is left then, the broker takes back when the connection closes.
   */
  async close(timeoutMillis: number): Promise<void> {
    const subscription = this.#subscription;
    const cancelled = Promise.withResolvers<void>();
    this.#closing ??= cancelled.promise;
    if (subscription?.consumerTag !== undefined) {
      await within(subscription.channel.cancel(subscription.consumerTag), timeoutMillis);
    }
    subscription?.stop.abort(new Error("the service shuts down"));
    cancelled.resolve();
    await within(Promise.all(this.#active), timeoutMillis);
  }

  #accept(channel: Channel, delivered: ConsumeMessage, signal: AbortSignal): void {
    const settlement = createSettlement(channel, delivered);
    const work = this.#deliver(delivered, settlement, signal)
      .catch((error: unknown) => {
        const { logger, queue } = this.#options;
        logger.error({ err: error, queue }, "Could not settle a message; it will be tried again");
        settlement.retry();
      })
      .finally(() => this.#active.delete(work));
    this.#active.add(work);
  }

  async #deliver(delivered: ConsumeMessage, settlement: Settlement, signal: AbortSignal): Promise<void> {
    if (this.#closing) {
      // Handed back only after the cancel: before, the broker could deliver it to us again.
      await this.#closing;
      settlement.handBack();
      return;
    }
    const { queue, schema, logger, businessIds } = this.#options;
    const incoming = readIncoming(delivered, schema);
    if (!incoming.ok) {
      const { reason, detail } = incoming;
      const err = new Error(`unusable message in queue ${queue}: ${reason}`);
      logger.warn(
        { queue, reason, detail, messageId: readMessageId(delivered), err },
        "Message is not usable",
      );
      captureError(err, { level: "warning", extra: { detail } });
      await this.#bury(delivered, settlement, { reason, detail, attempt: 1 });
      return;
    }
    const { message, messageId } = incoming;
    const ids = businessIds(message);
    const delivery: Delivery<T> = { message, messageId, attempt: readAttempt(delivered, queue), signal };
    const fields = { ...ids, queue, messageId, attempt: delivery.attempt };
    const job: Job<T> = { delivered, delivery, settlement, fields };
    await withBusinessContext(ids, async () => {
      logger.info(fields, "Message received");
      const earlier = readEarlierDeliveries(delivered);
      if (earlier < maxEarlierDeliveries) await this.#attempt(job);
      else
        await this.#giveUp(
          job,
          "delivered_too_often",
          new Error(`delivered ${earlier} times without being settled`),
        );
    });
  }

  async #attempt(job: Job<T>): Promise<void> {
    const { handle, maxAttempts = defaultMaxAttempts, isFinal, logger } = this.#options;
    const { delivery, settlement, fields } = job;
    const failure = await this.#run(job, () => handle(delivery));
    if (!failure) {
      settlement.ack();
    } else if (delivery.signal.aborted) {
      logger.info(fields, "Unfinished work handed back to the queue");
      settlement.handBack();
    } else if (delivery.attempt < maxAttempts && isFinal?.(failure.cause) !== true) {
      logger.warn({ ...fields, err: failure.cause }, "Attempt failed; the message will be tried again");
      this.#capture(job, failure.cause);
      settlement.retry();
    } else {
      await this.#giveUp(job, "failed", failure.cause);
    }
  }

  async #giveUp(job: Job<T>, reason: Death["reason"], error: unknown): Promise<void> {
    const { giveUp, logger } = this.#options;
    const { delivered, delivery, settlement, fields } = job;
    logger.error({ ...fields, err: error }, "Last attempt failed; the message goes to the dead-letter queue");
    this.#capture(job, error);
    if (giveUp) {
      const failure = await this.#run(job, () => giveUp(delivery, error));
      if (failure && delivery.signal.aborted) {
        settlement.handBack();
        return;
      }
      // Without its final state written the message must not disappear: it comes back once more.
      if (failure) throw failure.cause;
    }
    await this.#bury(delivered, settlement, { reason, detail: error, attempt: delivery.attempt });
  }

  #run(
    { delivery, fields }: Job<T>,
    work: () => void | Promise<void>,
  ): Promise<{ cause: unknown } | undefined> {
    const { outages, logger } = this.#options;
    return runThroughOutages(work, delivery.signal, outages, (error) =>
      logger.warn({ ...fields, err: error }, "The message waits until the database is back"),
    );
  }

  #capture({ delivery, fields }: Job<T>, error: unknown): void {
    const { businessIds, queue } = this.#options;
    captureError(error, { tags: { ...businessIds(delivery.message), queue }, extra: fields });
  }

  /** A confirmed copy in the dead-letter queue first, then the acknowledgement: never neither, at worst both. */
  async #bury(delivered: ConsumeMessage, settlement: Settlement, death: Death): Promise<void> {
    const { publisher, queue } = this.#options;
    await publisher.publish(createDeadLetter(delivered, queue, death));
    settlement.ack();
  }
}

async function within(work: Promise<unknown>, timeoutMillis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, late]);
  clearTimeout(timer);
}
