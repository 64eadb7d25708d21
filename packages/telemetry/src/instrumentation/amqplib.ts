import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";

/** RabbitMQ closes a channel that holds a message longer than this: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout */
const CONSUMER_TIMEOUT_MILLIS = 30 * 60 * 1000;

const BODY_SIZE = "messaging.message.body.size";
const RETRY_COUNT = "messaging.message.retry.count";

export function createAmqplibInstrumentation(): AmqplibInstrumentation {
  return new AmqplibInstrumentation({
    // The default, one minute, would end the span of slow work as an error while the broker still waits.
    consumeTimeoutMs: CONSUMER_TIMEOUT_MILLIS,
    publishHook: (span, { content }) => {
      span.setAttribute(BODY_SIZE, content.length);
    },
    publishConfirmHook: (span, { confirmError }: { confirmError?: unknown }) => {
      // The status says "nack'ed" in either case. When the channel closed first, the broker may well have the message.
      if (confirmError instanceof Error) span.setAttribute("error.type", confirmError.message);
    },
    consumeHook: (span, { msg }) => {
      span.setAttribute(BODY_SIZE, msg.content.length);
      const retries = countDeaths(msg.properties.headers?.["x-death"]);
      if (retries > 0) span.setAttribute(RETRY_COUNT, retries);
    },
  });
}

/** How often a message was dead-lettered after a refusal: https://www.rabbitmq.com/docs/dlx#effects */
function countDeaths(deaths: unknown): number {
  if (!Array.isArray(deaths)) return 0;
  let count = 0;
  for (const death of deaths as { reason?: unknown; count?: unknown }[]) {
    if (death.reason === "rejected" && typeof death.count === "number") count += death.count;
  }
  return count;
}
