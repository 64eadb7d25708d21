import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { z } from "zod";
import { captureError, withBusinessContext } from "@tracebridge/telemetry";
import type { Logger } from "../logging/logger.ts";
import { readAttempt, readEarlierDeliveries, readIncoming, type DeadReason } from "./incoming.ts";
import type { Publisher } from "./publisher.ts";
import { createSettlement, type Settlement } from "./settlement.ts";
import { deadQueueOf } from "./topology.ts";

/** One message on its way through a handler. */
export interface Delivery<T> {
  message: T;
  messageId: string;
  /** From 1. */
  attempt: number;
  /** Aborted when the message must be given back: the service shuts down, or the connection broke. */
  signal: AbortSignal;
}

/** Failures that are nobody's fault and pass: the message waits instead of using up its attempts. */
export interface Outages {
  isOutage(error: unknown): boolean;
  /** Resolves when work is possible again, rejects when `signal` is aborted. */
  waitForEnd(signal: AbortSignal): Promise<void>;
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
  /** Called after the last attempt failed, before the message goes to the dead-letter queue. */
  giveUp?: (delivery: Delivery<T>, error: unknown) => Promise<void>;
  outages?: Outages;
  logger: Logger;
  publisher: Publisher;
}

const defaultMaxAttempts = 3;
/**
 * A message that takes its consumer down with it must not do so for ever. Below RabbitMQ 4's own limit of 20, after
 * which the broker would move the message without a reason. https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
const maxEarlierDeliveries = 15;
const maxOutagesPerDelivery = 100;

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
        this.#options.logger.error(
          { err: error, queue: this.#options.queue },
          "Could not settle a message; it will be tried again",
        );
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
    const { queue, schema, logger } = this.#options;
    const incoming = readIncoming(delivered, schema);
    if (!incoming.ok) {
      const { reason, detail } = incoming;
      logger.warn(
        { queue, reason, detail, messageId: readText(delivered.properties.messageId) },
        "Message is not usable",
      );
      captureError(new Error(`unusable message in queue ${queue}: ${reason}`), {
        level: "warning",
        extra: { detail },
      });
      await this.#deadLetter(delivered, settlement, reason, detail);
      return;
    }
    const { message, messageId } = incoming;
    const delivery: Delivery<T> = { message, messageId, attempt: readAttempt(delivered, queue), signal };
    const ids = this.#options.businessIds(message);
    await withBusinessContext(ids, async () => {
      logger.info({ ...ids, queue, messageId, attempt: delivery.attempt }, "Message received");
      const earlier = readEarlierDeliveries(delivered);
      if (earlier < maxEarlierDeliveries) await this.#attempt(delivered, delivery, settlement);
      else {
        const error = new Error(`delivered ${earlier} times without being settled`);
        await this.#giveUp(delivered, delivery, settlement, { reason: "delivered_too_often", error });
      }
    });
  }

  async #attempt(delivered: ConsumeMessage, delivery: Delivery<T>, settlement: Settlement): Promise<void> {
    const { handle, maxAttempts = defaultMaxAttempts, logger, queue } = this.#options;
    const error = await this.#run(() => handle(delivery), delivery);
    if (!error) {
      settlement.ack();
      return;
    }
    const ids = this.#options.businessIds(delivery.message);
    if (delivery.signal.aborted) {
      logger.info(
        { ...ids, queue, messageId: delivery.messageId },
        "Unfinished work handed back to the queue",
      );
      settlement.handBack();
      return;
    }
    const { cause } = error;
    captureError(cause, {
      tags: { ...ids, queue },
      extra: { attempt: delivery.attempt, messageId: delivery.messageId },
    });
    if (delivery.attempt < maxAttempts) {
      logger.warn(
        { ...ids, queue, attempt: delivery.attempt, err: cause },
        "Attempt failed; the message will be tried again",
      );
      settlement.retry();
      return;
    }
    await this.#giveUp(delivered, delivery, settlement, { reason: "failed", error: cause });
  }

  /** Runs the work, waiting through outages. Returns what it threw in the end. */
  async #run(
    work: () => void | Promise<void>,
    delivery: Delivery<T>,
  ): Promise<{ cause: unknown } | undefined> {
    const { outages, logger, queue } = this.#options;
    for (let outage = 0; ; outage += 1) {
      try {
        await work();
        return undefined;
      } catch (error) {
        const mayPass = outage < maxOutagesPerDelivery && outages?.isOutage(error) === true;
        if (!mayPass || delivery.signal.aborted) return { cause: error };
        logger.warn(
          { queue, messageId: delivery.messageId, err: error },
          "The message waits until the database is back",
        );
        try {
          await outages.waitForEnd(delivery.signal);
        } catch (cause) {
          return { cause };
        }
      }
    }
  }

  async #giveUp(
    delivered: ConsumeMessage,
    delivery: Delivery<T>,
    settlement: Settlement,
    failure: { reason: DeadReason; error: unknown },
  ): Promise<void> {
    const { giveUp, logger, queue, businessIds } = this.#options;
    logger.error(
      { ...businessIds(delivery.message), queue, attempt: delivery.attempt, err: failure.error },
      "Last attempt failed; the message goes to the dead-letter queue",
    );
    if (giveUp) {
      const error = await this.#run(() => giveUp(delivery, failure.error), delivery);
      if (error && delivery.signal.aborted) return settlement.handBack();
      // Without its final state written the message must not disappear: it comes back once more.
      if (error) throw error.cause;
    }
    await this.#deadLetter(delivered, settlement, failure.reason, describe(failure.error), delivery.attempt);
  }

  /** A confirmed copy in the dead-letter queue first, then the acknowledgement: never neither, at worst both. */
  async #deadLetter(
    delivered: ConsumeMessage,
    settlement: Settlement,
    reason: DeadReason,
    detail: string,
    attempt = 1,
  ): Promise<void> {
    const { publisher, queue } = this.#options;
    await publisher.publish({
      queue: deadQueueOf(queue),
      messageId: readText(delivered.properties.messageId) ?? randomUUID(),
      content: delivered.content,
      headers: {
        "x-dead-reason": reason,
        "x-dead-detail": detail,
        "x-dead-attempts": attempt,
        "x-dead-at": new Date().toISOString(),
      },
    });
    settlement.ack();
  }
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}

async function within(work: Promise<unknown>, timeoutMillis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    late,
  ]);
  clearTimeout(timer);
}
