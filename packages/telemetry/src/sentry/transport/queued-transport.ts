import { serializeEnvelope } from "@sentry/core";
import type { Ledger } from "../client/ledger.ts";
import type { SentryEnvelope } from "../types.ts";
import type { PostResponse } from "../../http/exchange.ts";
import { Accounts } from "./accounts.ts";
import type { DropReason, ReportDrop } from "./accounts.ts";
import { Delivery } from "./delivery.ts";
import { countItem } from "./envelope-items.ts";
import type { ItemCount } from "./envelope-items.ts";
import { EnvelopeQueue } from "./envelope-queue.ts";
import type { Job } from "./envelope-queue.ts";
import type { QueueLimits } from "./limits.ts";
import { RateLimits } from "./rate-limits.ts";
import type { Sender } from "./sender.ts";

type CoreEnvelope = Parameters<typeof serializeEnvelope>[0];

export interface QueuedTransportOptions {
  readonly sender: Sender;
  readonly limits: QueueLimits;
  readonly ledger: Ledger;
  /** Counts a loss in the ledger and in the next client report. */
  readonly reportDrop: ReportDrop;
  readonly scrubEnvelope?: (envelope: SentryEnvelope) => SentryEnvelope;
  /** Told why envelopes do not get through, every time. */
  readonly onFailure?: (message: string) => void;
  /** Told when they get through again. */
  readonly onRecovery?: () => void;
}

/** An envelope that is scrubbed and written already, and what it carries. */
export interface WrittenEnvelope {
  readonly body: Uint8Array;
  readonly items: readonly ItemCount[];
}

/** Someone who waits for the queue to be empty. */
interface Flush {
  hasAsked: boolean;
  readonly finish: (isEmpty: boolean) => void;
}

/**
 * Sends envelopes, a few at a time. Waiting envelopes are bounded in number, bytes and age, every request has a
 * hard deadline, an outage is waited out, rate limits hold back the categories they name, and each item ends in the
 * ledger. Sentry's own transport drops at 64 waiting envelopes and has no time limit: one hung server would stop it for
 * good. docs/adr/0008-retries-of-envelopes.md
 */
export class QueuedTransport {
  readonly #options: QueuedTransportOptions;
  readonly #accounts: Accounts;
  readonly #queue: EnvelopeQueue;
  readonly #delivery: Delivery;
  readonly #rateLimits = new RateLimits();
  readonly #flushes = new Set<Flush>();

  constructor(options: QueuedTransportOptions) {
    const { sender, limits } = options;
    this.#options = options;
    this.#accounts = new Accounts(options.ledger, options.reportDrop);
    this.#queue = new EnvelopeQueue(limits);
    this.#delivery = new Delivery({
      sender,
      limits,
      queue: this.#queue,
      rateLimits: this.#rateLimits,
      accounts: this.#accounts,
      onFailure: (message) => options.onFailure?.(message),
      onRecovery: () => options.onRecovery?.(),
      onProgress: () => this.#lookAtFlushes(),
    });
  }

  /** Resolves when Sentry has answered or the envelope was given up on; what cannot be sent is counted. Never rejects. */
  send(envelope: SentryEnvelope): Promise<Partial<PostResponse>> {
    if (this.#delivery.isClosed) {
      this.#accounts.dropUnreported(envelope[1].map(countItem), "shutdown");
      return Promise.resolve({});
    }
    const kept = envelope[1].filter((item) => this.#passesRateLimit(item));
    if (kept.length === 0) return Promise.resolve({});
    const items = kept.map(countItem);
    const body = this.#write([envelope[0], kept]);
    if (!body) return this.#refuse(items, "internal_sdk_error");
    return new Promise((settle) => {
      if (!this.#queueUp({ body, items }, settle)) settle({});
      else this.#delivery.start();
    });
  }

  /**
   * Sends envelopes that are scrubbed and written already; what cannot be sent is counted. All that is due at once
   * together costs few system calls. Never throws.
   */
  sendAllWritten(envelopes: Iterable<WrittenEnvelope>): void {
    for (const envelope of envelopes) {
      const { items } = envelope;
      if (this.#delivery.isClosed) this.#accounts.dropUnreported(items, "shutdown");
      else if (this.#rateLimits.areAllLimited(items)) this.#accounts.drop(items, "ratelimit_backoff");
      else this.#queueUp(envelope);
    }
    this.#delivery.start();
  }

  /**
   * Resolves with true when nothing waits any more. While Sentry is down, it is asked once more at once: a flush does
   * not wait for another attempt, and resolves with false after a failed one, or when `timeoutMillis` has passed.
   */
  flush(timeoutMillis?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isEmpty: boolean): void => {
        clearTimeout(timer);
        this.#flushes.delete(flush);
        resolve(isEmpty);
      };
      const flush: Flush = { hasAsked: false, finish };
      const timer = timeoutMillis ? setTimeout(() => finish(false), timeoutMillis) : undefined;
      this.#flushes.add(flush);
      this.#lookAtFlushes();
    });
  }

  /** Gives up on everything that has not been sent. */
  close(): void {
    this.#delivery.close();
  }

  readQueue(): { envelopes: number; bytes: number } {
    return { envelopes: this.#queue.size, bytes: this.#queue.bytes };
  }

  #lookAtFlushes(): void {
    if (this.#flushes.size === 0) return;
    if (this.#queue.size === 0) {
      for (const flush of this.#flushes) flush.finish(true);
    } else if (this.#delivery.isPausing) {
      for (const flush of this.#flushes) if (flush.hasAsked) flush.finish(false);
      for (const flush of this.#flushes) flush.hasAsked = true;
      if (this.#flushes.size > 0) this.#delivery.askNow();
    }
  }

  #passesRateLimit(item: SentryEnvelope[1][number]): boolean {
    const counted = countItem(item);
    if (!this.#rateLimits.isLimited(counted.category)) return true;
    this.#accounts.drop([counted], "ratelimit_backoff");
    return false;
  }

  /** `undefined` when scrubbing or writing failed: nothing unscrubbed ever leaves. */
  #write(envelope: SentryEnvelope): Uint8Array | undefined {
    try {
      const { scrubEnvelope } = this.#options;
      const scrubbed = scrubEnvelope ? scrubEnvelope(envelope) : envelope;
      const body = serializeEnvelope(scrubbed as unknown as CoreEnvelope);
      return typeof body === "string" ? new TextEncoder().encode(body) : body;
    } catch {
      return undefined;
    }
  }

  /** Counts what does not fit and returns false. */
  #queueUp({ body, items }: WrittenEnvelope, settle?: Job["settle"]): boolean {
    const since = performance.now();
    const job: Job = { body, items, settle, since, isCompressed: false, failures: 0, wasStale: false };
    if (this.#queue.add(job)) return true;
    // What waits was there when the trouble began, and shows its cause better than what comes later.
    this.#accounts.drop(items, "queue_overflow");
    return false;
  }

  #refuse(items: readonly ItemCount[], reason: DropReason): Promise<Partial<PostResponse>> {
    this.#accounts.drop(items, reason);
    return Promise.resolve({});
  }
}
