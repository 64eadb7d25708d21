import { randomUUID } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { DeadReason } from "./incoming.ts";
import type { OutgoingMessage } from "./publisher.ts";
import { deadQueueOf } from "./topology.ts";

export interface Death {
  reason: DeadReason;
  detail: unknown;
  attempt: number;
}

const maxDetailLength = 500;

/** The copy of a message for the dead-letter queue: its body as it came, and why it is there in the headers. */
export function createDeadLetter(delivered: ConsumeMessage, queue: string, death: Death): OutgoingMessage {
  const { detail } = death;
  return {
    queue: deadQueueOf(queue),
    messageId: readMessageId(delivered) ?? randomUUID(),
    content: delivered.content,
    headers: {
      "x-dead-reason": death.reason,
      "x-dead-detail": (detail instanceof Error ? detail.message : String(detail)).slice(0, maxDetailLength),
      "x-dead-attempts": death.attempt,
      "x-dead-at": new Date().toISOString(),
    },
  };
}

/** Headers and properties of a stranger's message may be of any type. */
export function readMessageId(delivered: ConsumeMessage): string | undefined {
  const id: unknown = delivered.properties.messageId;
  return typeof id === "string" && id !== "" ? id : undefined;
}
