import type { OutboxDocument, OutboxEntry } from "./entry.ts";
import { removeSent, sendEntries, type SenderOptions } from "./sender.ts";

export interface RelayRequest {
  id: string;
  /** What this write put into the outbox. */
  written: readonly OutboxEntry[];
  /** Whether entries of earlier writes are still in front of them. */
  othersInFront: boolean;
  leaseEndsAt: Date;
}

/**
 * Sends right after the write, in the live trace context. One document at a time per process: two writes shortly
 * after one another are sent in their order. Entries of another process in front are waited for by the sweeper.
 */
export class Relay {
  readonly #options: SenderOptions;
  /** The last relay of each document that is under way. */
  readonly #tails = new Map<string, Promise<void>>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Never rejects: what could not be sent stays in the outbox. */
  async relay(request: RelayRequest): Promise<void> {
    const before = this.#tails.get(request.id) ?? Promise.resolve();
    const turn = before.then(() => this.#send(request));
    this.#tails.set(request.id, turn);
    await turn;
    if (this.#tails.get(request.id) === turn) this.#tails.delete(request.id);
  }

  async #send({ id, written, othersInFront, leaseEndsAt }: RelayRequest): Promise<void> {
    const { collection, logger } = this.#options;
    try {
      if (othersInFront && !(await this.#isFirst(id, written))) return;
      const sent = await sendEntries(this.#options, id, written, leaseEndsAt, (_entry, send) => send());
      await removeSent(collection, id, sent);
    } catch (error) {
      logger.warn({ id, err: error }, "Outbox could not be tidied; the sweeper will do it");
    }
  }

  async #isFirst(id: string, written: readonly OutboxEntry[]): Promise<boolean> {
    const document = await this.#options.collection.findOne(
      { id: { $eq: id } },
      {
        projection: { outbox: { $slice: 1 } } satisfies Record<keyof Pick<OutboxDocument, "outbox">, unknown>,
      },
    );
    return document?.outbox?.[0]?.messageId === written[0]?.messageId;
  }
}
