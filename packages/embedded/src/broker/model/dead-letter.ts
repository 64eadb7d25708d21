import { writeProperties } from "../codec/properties.ts";
import type { Field, Table } from "../codec/table.ts";
import { readInteger, readText } from "./field.ts";
import { Message } from "./message.ts";
import type { DeathReason, Queue } from "./queue.ts";

type Death = Table;

/**
 * The message as it goes to the dead-letter exchange: `x-death` and the first and last death headers as RabbitMQ 4
 * writes them (https://www.rabbitmq.com/docs/dlx#effects), no expiration, and the queue's routing key if it has one.
 */
export function createDeadLetter(queue: Queue, message: Message, reason: DeathReason): Message {
  const { deadLetterExchange = "", deadLetterRoutingKey } = queue.declaration.settings;
  const headers = new Map(message.headers);
  const deaths = addDeath(queue.name, message, reason);
  headers.set("x-death", { type: "array", value: deaths.map((value): Field => ({ type: "table", value })) });
  const marks = { exchange: message.exchange, queue: queue.name, reason };
  const isFirst = message.deaths.length === 0;
  for (const [what, value] of Object.entries(marks)) {
    if (isFirst) headers.set(`x-first-death-${what}`, text(value));
    headers.set(`x-last-death-${what}`, text(value));
  }
  // With a routing key of its own the message goes there only, not to the keys in CC as well.
  if (deadLetterRoutingKey !== undefined) headers.delete("CC");
  const rawProperties = writeProperties({ ...message.properties, headers, expiration: undefined });
  const routingKey = deadLetterRoutingKey ?? message.routingKey;
  return new Message(
    { exchange: deadLetterExchange, routingKey, rawProperties, body: message.body },
    { deaths },
  );
}

function addDeath(queue: string, message: Message, reason: DeathReason): Death[] {
  const isSame = (death: Death): boolean =>
    readText(death.get("queue")) === queue && readText(death.get("reason")) === reason;
  const earlier = message.deaths.find(isSame);
  const death = new Map<string, Field>(earlier ?? createDeath(queue, message, reason));
  const count = (readInteger(earlier?.get("count")) ?? 0) + 1;
  death.set("count", { type: "long", value: BigInt(count) });
  return [death, ...message.deaths.filter((other) => other !== earlier)];
}

function createDeath(queue: string, message: Message, reason: DeathReason): Death {
  const { expiration } = message.properties;
  const keys = message.routingKeys({ withBcc: false });
  const death = new Map<string, Field>([
    ["count", { type: "long", value: 0n }],
    ["reason", text(reason)],
    ["queue", text(queue)],
    ["time", { type: "timestamp", value: BigInt(Math.floor(Date.now() / 1000)) }],
    ["exchange", text(message.exchange)],
    ["routing-keys", { type: "array", value: keys.map((key) => text(key)) }],
  ]);
  if (expiration !== undefined) death.set("original-expiration", text(expiration));
  return death;
}

function text(value: string): Field {
  return { type: "longstr", value };
}

/**
 * Whether the message has been in this queue before and came round without anybody rejecting it on the way.
 * Such a message is dropped, https://www.rabbitmq.com/docs/dlx#message-reasons ("automatic dead lettering cycles").
 */
export function isAutomaticCycle(message: Message, queueName: string): boolean {
  const { deaths } = message;
  const at = deaths.findIndex((death) => readText(death.get("queue")) === queueName);
  if (at < 0) return false;
  return deaths.slice(0, at + 1).every((death) => readText(death.get("reason")) !== "rejected");
}
