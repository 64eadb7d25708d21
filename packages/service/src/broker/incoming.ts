import type { ConsumeMessage } from "amqplib";
import { z } from "zod";

/** Bodies larger than this go to the dead-letter queue unread. */
const maxBodyBytes = 64 * 1024;

/** Why a message was put into the dead-letter queue: the value of the header `x-dead-reason`. */
export type DeadReason =
  | "too_large"
  | "bad_json"
  | "unknown_shape"
  | "no_message_id"
  | "failed"
  | "delivered_too_often";

export type Incoming<T> =
  | { ok: true; messageId: string; message: T }
  | { ok: false; reason: DeadReason; detail: string };

const messageIdSchema = z.string().min(1).max(255);

/** Checks a delivered message against the schema of its queue. Never throws; details never quote the body. */
export function readIncoming<T>(delivered: ConsumeMessage, schema: z.ZodType<T>): Incoming<T> {
  const { content } = delivered;
  if (content.length > maxBodyBytes) {
    return { ok: false, reason: "too_large", detail: `${content.length} bytes, at most ${maxBodyBytes}` };
  }
  const messageId = messageIdSchema.safeParse(delivered.properties.messageId);
  if (!messageId.success)
    return { ok: false, reason: "no_message_id", detail: "the property messageId is missing" };
  let body: unknown;
  try {
    body = JSON.parse(content.toString("utf8"));
  } catch {
    return { ok: false, reason: "bad_json", detail: "the body is not JSON" };
  }
  const message = schema.safeParse(body);
  if (!message.success) return { ok: false, reason: "unknown_shape", detail: describeIssues(message.error) };
  return { ok: true, messageId: messageId.data, message: message.data };
}

function describeIssues(error: z.ZodError): string {
  const issues = error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.code}`);
  return issues.join(", ").slice(0, 500);
}

/**
 * The number of this attempt, from 1. Each failed attempt went through the retry queue, and the broker counted that
 * in `x-death`. https://www.rabbitmq.com/docs/dlx#effects
 */
export function readAttempt(delivered: ConsumeMessage, queue: string): number {
  const deaths: unknown = delivered.properties.headers?.["x-death"];
  if (!Array.isArray(deaths)) return 1;
  const rejected = deathSchema.array().safeParse(deaths);
  if (!rejected.success) return 1;
  const own = rejected.data.find((death) => death.queue === queue && death.reason === "rejected");
  return (own?.count ?? 0) + 1;
}

const deathSchema = z.object({ queue: z.string(), reason: z.string(), count: z.number() });

/**
 * How often a quorum queue delivered this message before without a settlement: the consumer crashed, lost its
 * connection or handed it back. 0 on queues that do not count.
 */
export function readEarlierDeliveries(delivered: ConsumeMessage): number {
  const count: unknown = delivered.properties.headers?.["x-delivery-count"];
  return typeof count === "number" ? count : 0;
}
