import type { MethodName } from "./codec/method-table.ts";

/**
 * Reply codes of AMQP 0-9-1 that this broker uses, with the name RabbitMQ puts in front of the text.
 * Source: the constants of the protocol definition, https://www.rabbitmq.com/amqp-0-9-1-protocol.
 */
const replyNames = {
  312: "NO_ROUTE",
  320: "CONNECTION_FORCED",
  403: "ACCESS_REFUSED",
  404: "NOT_FOUND",
  405: "RESOURCE_LOCKED",
  406: "PRECONDITION_FAILED",
  501: "FRAME_ERROR",
  503: "COMMAND_INVALID",
  504: "CHANNEL_ERROR",
  505: "UNEXPECTED_FRAME",
  530: "NOT_ALLOWED",
  540: "NOT_IMPLEMENTED",
  541: "INTERNAL_ERROR",
} as const;

export type ReplyCode = keyof typeof replyNames;

/**
 * An error a client is told about. Codes below 500 (except 320) close only the channel,
 * the others the connection, as the protocol definition says ("soft" and "hard" errors).
 */
export class AmqpError extends Error {
  readonly code: ReplyCode;
  readonly closesConnection: boolean;
  /** The method the client is told of, when it is not the one that came last. */
  readonly method: MethodName | "none" | undefined;

  constructor(code: ReplyCode, text: string, method?: MethodName | "none") {
    super(`${replyNames[code]} - ${text}`);
    this.method = method;
    this.name = "AmqpError";
    this.code = code;
    this.closesConnection = code >= 500 || code === 320;
  }
}
