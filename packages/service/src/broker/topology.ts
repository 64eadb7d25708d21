import type { Channel, ServerProperties } from "amqplib";

/** How long a failed message waits before its next attempt. */
export const defaultRetryDelayMillis = 1000;

export const retryQueueOf = (queue: string): string => `${queue}.retry`;
export const deadQueueOf = (queue: string): string => `${queue}.dead`;

/**
 * Declares `<queue>`, `<queue>.retry` and `<queue>.dead`. A message rejected by a consumer of `<queue>` waits in
 * `<queue>.retry` for `retryDelayMillis` and comes back; the broker counts the rounds in the header `x-death`.
 * Every service declares the queues it sends to as well, so that the order of start does not matter.
 */
export async function declareQueues(
  channel: Channel,
  queues: readonly string[],
  options: { retryDelayMillis: number; serverProperties: ServerProperties },
): Promise<void> {
  const type = queueTypeOf(options.serverProperties);
  const declare = (queue: string, more: Record<string, unknown> = {}) =>
    channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": type, ...more } });
  for (const queue of queues) {
    await declare(queue, { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": retryQueueOf(queue) });
    await declare(retryQueueOf(queue), {
      "x-message-ttl": options.retryDelayMillis,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": queue,
    });
    await declare(deadQueueOf(queue));
  }
}

/**
 * Quorum queues where the broker has them: replicated, and they count deliveries.
 * https://www.rabbitmq.com/docs/quorum-queues
 */
function queueTypeOf(server: ServerProperties): "quorum" | "classic" {
  return server.product === "RabbitMQ" ? "quorum" : "classic";
}
