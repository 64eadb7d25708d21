import type { ConfirmChannel, Message, Options } from "amqplib";
import { BrokerError } from "./broker-error.ts";

/** A message for one queue. */
export interface OutgoingMessage {
  queue: string;
  /** Stable: publishing the same message again uses the same id, so that consumers can tell. At most 255 bytes. */
  messageId: string;
  content: Buffer;
  headers?: Readonly<Record<string, string | number>>;
}

interface Pending {
  messageId: string;
  returned: boolean;
}

const maxInFlight = 256;
/** Shorter than the outbox lease, so that nobody else sends a message this process still waits for. */
const defaultPublishTimeoutMillis = 4000;

/** Publishes with confirms over whatever channel is open at the moment. */
export class Publisher {
  #channel: ConfirmChannel | undefined;
  readonly #pending = new Set<Pending>();
  readonly #waiting: (() => void)[] = [];

  /** Uses this channel until it closes. */
  attach(channel: ConfirmChannel): void {
    this.#channel = channel;
    channel.on("return", (message: Message) => this.#markReturned(message));
    channel.once("close", () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
  }

  /**
   * Resolves when the broker has the message safely in its queue.
   *
   * @throws BrokerError in every other case
   */
  async publish(message: OutgoingMessage, timeoutMillis = defaultPublishTimeoutMillis): Promise<void> {
    const deadline = Date.now() + timeoutMillis;
    while (this.#pending.size >= maxInFlight) await this.#waitForRoom(deadline);
    const channel = this.#channel;
    if (!channel) throw new BrokerError("BROKER_AWAY", "there is no connection to the broker");
    await withDeadline(this.#send(channel, message), deadline);
  }

  #send(channel: ConfirmChannel, message: OutgoingMessage): Promise<void> {
    const pending: Pending = { messageId: message.messageId, returned: false };
    // The slot stays taken until the broker answers or the channel closes, also when the caller stopped waiting.
    this.#pending.add(pending);
    return new Promise<void>((resolve, reject) => {
      const settle = (error: unknown): void => {
        this.#release(pending);
        const failure = readFailure(error, pending, message.queue);
        if (failure) reject(failure);
        else resolve();
      };
      try {
        channel.publish("", message.queue, message.content, createPublishOptions(message), settle);
      } catch (error) {
        settle(new Error("channel closed", { cause: error }));
      }
    });
  }

  #markReturned(message: Message): void {
    for (const pending of this.#pending) {
      if (pending.messageId === message.properties.messageId) pending.returned = true;
    }
  }

  #release(pending: Pending): void {
    if (this.#pending.delete(pending)) this.#waiting.shift()?.();
  }

  async #waitForRoom(deadline: number): Promise<void> {
    const room = Promise.withResolvers<void>();
    this.#waiting.push(room.resolve);
    try {
      await withDeadline(room.promise, deadline);
    } catch (error) {
      const index = this.#waiting.indexOf(room.resolve);
      if (index >= 0) this.#waiting.splice(index, 1);
      throw error;
    }
  }
}

/**
 * Fresh options and headers for every single publish: instrumentation-amqplib writes the trace headers into them, and
 * a shared object would carry one message's context to the next.
 */
function createPublishOptions(message: OutgoingMessage): Options.Publish {
  return {
    persistent: true,
    // The broker hands the message back when its queue does not exist, instead of dropping it.
    mandatory: true,
    contentType: "application/json",
    messageId: message.messageId,
    timestamp: Math.floor(Date.now() / 1000),
    headers: { ...message.headers },
  };
}

function readFailure(error: unknown, pending: Pending, queue: string): BrokerError | undefined {
  if (error instanceof Error) {
    return error.message === "message nacked"
      ? new BrokerError("BROKER_REFUSED", "the broker refused the message", { cause: error })
      : new BrokerError("BROKER_AWAY", "the connection broke before the broker confirmed", { cause: error });
  }
  if (pending.returned) return new BrokerError("UNROUTABLE", `the broker has no queue "${queue}"`);
  return undefined;
}

async function withDeadline<T>(promise: Promise<T>, deadline: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new BrokerError("BROKER_TIMEOUT", "the broker did not confirm in time")),
    Math.max(0, deadline - Date.now()),
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
    // After a time-out nobody listens any more.
    promise.catch(() => undefined);
  }
}
