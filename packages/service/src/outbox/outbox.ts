import type { Collection, OptionalUnlessRequiredId, UpdateFilter } from "mongodb";
import { isDuplicateKey } from "../database/index.ts";
import type { OutgoingMessage } from "../broker/publisher.ts";
import type { Logger } from "@tracebridge/telemetry/logger";
import { createOutboxEntries, type OutboxDocument, type OutboxEntry, type OutboxMessage } from "./entry.ts";
import { Relay } from "./relay.ts";
import { startSweeper, type Sweeper } from "./sweeper.ts";

export interface OutboxOptions<T extends OutboxDocument> {
  collection: Collection<T>;
  publish: (message: OutgoingMessage, timeoutMillis: number) => Promise<void>;
  /** Whether publishing has a chance at the moment. */
  canSend: () => boolean;
  logger: Logger;
  /** How long the writer alone may send; then the sweepers may. Default 5,000. */
  leaseMillis?: number;
  /** Pause between two looks for what is due. Default 1,000. */
  sweepIntervalMillis?: number;
  /**
   * Whether whoever writes goes on after the write, while its messages are sent. Nobody can tell then, from the time it
   * took, whether there were any. Default false.
   */
  sendsInBackground?: boolean;
  /** Called between a write and its sends: a fail point for tests. */
  afterWrite?: () => void | Promise<void>;
}

export type CreateResult<T> = { created: true } | { created: false; existing: T };

/**
 * - `changed`: written, and the messages are on their way
 * - `duplicate`: this very message changed the document before
 * - `late`: the document has moved on to a status this change must not overwrite
 * - `missing`: there is no such document
 */
export type ChangeResult = "changed" | "duplicate" | "late" | "missing";

export interface Change {
  id: string;
  /** The statuses this change may follow. */
  from: readonly string[];
  to: string;
  /** Id of the message that asks for the change. */
  messageId: string;
  messages?: readonly OutboxMessage[];
}

const defaultLeaseMillis = 5000;
const defaultSweepIntervalMillis = 1000;
const inboxLength = 50;

/**
 * Documents whose state and outgoing messages change in one write, so that neither exists without the other.
 * https://microservices.io/patterns/data/transactional-outbox.html
 */
export class Outbox<T extends OutboxDocument> {
  readonly #options: OutboxOptions<T>;
  readonly #collection: Collection<OutboxDocument>;
  readonly #relay: Relay;
  readonly #leaseMillis: number;

  constructor(options: OutboxOptions<T>) {
    this.#options = options;
    this.#collection = options.collection as unknown as Collection<OutboxDocument>;
    this.#leaseMillis = options.leaseMillis ?? defaultLeaseMillis;
    this.#relay = new Relay({
      collection: this.#collection,
      publish: options.publish,
      logger: options.logger,
    });
  }

  /** Creates the indexes everything here relies on. */
  async prepare(): Promise<void> {
    await this.#collection.createIndex({ id: 1 }, { unique: true });
    await this.#collection.createIndex(
      { outboxDueAt: 1 },
      { partialFilterExpression: { outboxDueAt: { $exists: true } } },
    );
  }

  async find(id: string): Promise<T | undefined> {
    return ((await this.#collection.findOne({ id: { $eq: id } })) ?? undefined) as T | undefined;
  }

  /**
   * Writes a new document and sends its messages; an existing one is left as it is and nothing is sent.
   *
   * @param messageId of the message that asks for it, or what else identifies the request
   */
  async create(
    document: T,
    messageId: string,
    messages: readonly OutboxMessage[] = [],
  ): Promise<CreateResult<T>> {
    const entries = createOutboxEntries(messageId, messages);
    const leaseEndsAt = this.#readLeaseEnd();
    const outbox = entries.length > 0 ? { outbox: entries, outboxDueAt: leaseEndsAt } : {};
    try {
      const whole = { ...document, inbox: [messageId], ...outbox } as OptionalUnlessRequiredId<T>;
      await this.#options.collection.insertOne(whole);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const existing = await this.find(document.id);
      if (!existing) throw error;
      this.#logDuplicate(document.id, messageId, existing);
      return { created: false, existing };
    }
    await this.#send(document.id, entries, false, leaseEndsAt);
    return { created: true };
  }

  /** Moves a document on, guarded by the statuses before, and sends the messages that belong to it. */
  async change(change: Change): Promise<ChangeResult> {
    const entries = createOutboxEntries(change.messageId, change.messages ?? []);
    const leaseEndsAt = this.#readLeaseEnd();
    const after = await this.#collection.findOneAndUpdate(
      { id: { $eq: change.id }, status: { $in: [...change.from] }, inbox: { $ne: change.messageId } },
      createUpdate(change, entries, leaseEndsAt),
      { returnDocument: "after", projection: { outbox: 1 } },
    );
    if (after) {
      const othersInFront = (after.outbox?.length ?? 0) > entries.length;
      await this.#send(change.id, entries, othersInFront, leaseEndsAt);
      return "changed";
    }
    const existing = await this.find(change.id);
    if (!existing) return "missing";
    return this.#logDuplicate(change.id, change.messageId, existing) ? "duplicate" : "late";
  }

  /** Starts sending what writers left behind. */
  startSweeper(): Sweeper {
    const { publish, logger, canSend, sweepIntervalMillis = defaultSweepIntervalMillis } = this.#options;
    return startSweeper({
      collection: this.#collection,
      publish,
      logger,
      canSend,
      leaseMillis: this.#leaseMillis,
      intervalMillis: sweepIntervalMillis,
    });
  }

  async #send(
    id: string,
    written: readonly OutboxEntry[],
    othersInFront: boolean,
    leaseEndsAt: Date,
  ): Promise<void> {
    if (written.length === 0) return;
    await this.#options.afterWrite?.();
    const relay = (): Promise<void> => this.#relay.relay({ id, written, othersInFront, leaseEndsAt });
    // After what the writer does next without waiting, such as answering.
    if (this.#options.sendsInBackground) setImmediate(() => void relay());
    else await relay();
  }

  /** So that a duplicate can be told from the logs of a trace. Returns whether it was one. */
  #logDuplicate(id: string, messageId: string, existing: OutboxDocument): boolean {
    const isDuplicate = existing.inbox?.includes(messageId) ?? false;
    if (isDuplicate) this.#options.logger.info({ id, messageId }, "Applied before; nothing is done again");
    return isDuplicate;
  }

  #readLeaseEnd(): Date {
    return new Date(Date.now() + this.#leaseMillis);
  }
}

function createUpdate(
  change: Change,
  entries: OutboxEntry[],
  leaseEndsAt: Date,
): UpdateFilter<OutboxDocument> {
  const inbox = { $each: [change.messageId], $slice: -inboxLength };
  if (entries.length === 0) return { $set: { status: change.to }, $push: { inbox } };
  return {
    $set: { status: change.to, outboxDueAt: leaseEndsAt },
    $push: { inbox, outbox: { $each: entries } },
  };
}
