import type { Field, Table } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";
import { readInteger, readText } from "./field.ts";

type Overflow = "drop-head" | "reject-publish" | "reject-publish-dlx";

/** What a queue's arguments mean. Undefined: not limited, not set. */
export interface QueueSettings {
  messageTtlMillis?: number;
  expiresMillis?: number;
  maxLength?: number;
  maxBytes?: number;
  overflow: Overflow;
  deadLetterExchange?: string;
  deadLetterRoutingKey?: string;
}

/** RabbitMQ's limit of timers: 2^32 - 1 ms (`?MAX_EXPIRY_TIMER` in rabbit.hrl). */
export const maxTimerMillis = 4_294_967_295;

/** Arguments RabbitMQ gives a meaning that this broker does not have. Refused, never ignored. */
const unsupported = [
  "x-max-priority",
  "x-single-active-consumer",
  "x-delivery-limit",
  "x-dead-letter-strategy",
];

/** Reads the arguments of queue.declare. Throws PRECONDITION_FAILED that names the argument. */
export function readQueueSettings(args: Table, describe: string): QueueSettings {
  const bad = (key: string, why: string): AmqpError =>
    new AmqpError(406, `invalid arg '${key}' for ${describe}: ${why}`);
  for (const key of unsupported) {
    if (args.has(key)) throw bad(key, "the embedded broker does not support this argument");
  }
  checkQueueType(args, bad);
  const number = (key: string, least: number, most: number): number | undefined => {
    const field = args.get(key);
    return field === undefined ? undefined : readBounded(field, least, most, (why) => bad(key, why));
  };
  const text = (key: string): string | undefined => {
    const field = args.get(key);
    if (field === undefined) return undefined;
    const value = readText(field);
    if (value !== undefined) return value;
    if (key === "x-overflow") throw bad(key, `{unacceptable_type,${field.type}}`);
    throw new AmqpError(406, `invalid type '${field.type}' for arg '${key}' in ${describe}`);
  };
  const settings: QueueSettings = {
    messageTtlMillis: number("x-message-ttl", 0, maxTimerMillis),
    expiresMillis: number("x-expires", 1, maxTimerMillis),
    maxLength: number("x-max-length", 0, Infinity),
    maxBytes: number("x-max-length-bytes", 0, Infinity),
    overflow: readOverflow(text("x-overflow"), bad),
    deadLetterExchange: text("x-dead-letter-exchange"),
    deadLetterRoutingKey: text("x-dead-letter-routing-key"),
  };
  if (settings.deadLetterRoutingKey !== undefined && settings.deadLetterExchange === undefined) {
    throw bad("x-dead-letter-routing-key", "routing_key_but_no_dlx_defined");
  }
  return settings;
}

function readBounded(field: Field, least: number, most: number, bad: (why: string) => AmqpError): number {
  const value = readInteger(field);
  if (value === undefined) throw bad(`"expected integer, got ${field.type}"`);
  if (value < 0) throw bad(`{value_negative,${value}}`);
  if (value < least) throw bad("{value_zero,0}");
  if (value > most) throw bad(`{value_too_big,${value}}`);
  return value;
}

function readOverflow(value: string | undefined, bad: (key: string, why: string) => AmqpError): Overflow {
  switch (value) {
    case undefined:
    case "drop-head":
      return "drop-head";
    case "reject-publish":
    case "reject-publish-dlx":
      return value;
    default:
      throw bad("x-overflow", "invalid_overflow");
  }
}

function checkQueueType(args: Table, bad: (key: string, why: string) => AmqpError): void {
  const field = args.get("x-queue-type");
  if (field === undefined || readText(field) === "classic") return;
  const type = readText(field) ?? "";
  if (type !== "quorum" && type !== "stream") throw bad("x-queue-type", `"unsupported queue type '${type}'"`);
  throw bad("x-queue-type", "the embedded broker has classic queues only");
}

/** The arguments that must be the same when a queue is declared again. */
export const comparedQueueArguments = [
  "x-expires",
  "x-message-ttl",
  "x-dead-letter-exchange",
  "x-dead-letter-routing-key",
  "x-max-length",
  "x-max-length-bytes",
  "x-overflow",
  "x-queue-type",
] as const;
