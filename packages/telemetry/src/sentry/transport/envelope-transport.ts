import { serializeEnvelope } from "@sentry/core";
import type { NodeClient } from "@sentry/node";
import type { Ledger } from "../client/ledger.ts";
import type { SentryEnvelope } from "../types.ts";
import { countItem } from "./envelope-items.ts";
import type { ItemCount } from "./envelope-items.ts";
import { createAgent, post } from "../../http/post.ts";
import type { PostResponse } from "../../http/post.ts";
import { RateLimits } from "./rate-limits.ts";

type ReportDrop = NodeClient["recordDroppedEvent"];
type DropReason = Parameters<ReportDrop>[0];
type DropCategory = Parameters<ReportDrop>[1];
type CoreEnvelope = Parameters<typeof serializeEnvelope>[0];

export interface EnvelopeTransportOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ledger: Ledger;
  /** Counts a loss in the ledger and in the next client report. */
  readonly reportDrop: ReportDrop;
  readonly scrubEnvelope?: (envelope: SentryEnvelope) => SentryEnvelope;
  /** Told why an envelope did not get through, every time. */
  readonly onFailure?: (reason: string) => void;
  readonly limits?: Partial<TransportLimits>;
}

export interface TransportLimits {
  readonly maxEnvelopes: number;
  readonly maxBytes: number;
  readonly maxConnections: number;
  /** For one request, from its start to the last byte of its answer. */
  readonly deadlineMillis: number;
}

const DEFAULT_LIMITS: TransportLimits = {
  maxEnvelopes: 5_000,
  maxBytes: 30_000_000,
  maxConnections: 8,
  deadlineMillis: 10_000,
};

interface Job {
  readonly body: Uint8Array;
  readonly items: readonly ItemCount[];
  readonly settle: (response: Partial<PostResponse>) => void;
}

/** The data category of client reports: their loss is not reported, or reports would breed reports. */
const REPORTS = "internal";

/**
 * Sends envelopes over a few connections. Waiting envelopes are bounded in number and bytes, every request has a hard
 * deadline, rate limits hold back the categories they name, and each item ends in the ledger. Sentry's own transport
 * drops at 64 waiting envelopes and has no time limit: one hung server would stop it for good.
 */
export class EnvelopeTransport {
  readonly #options: EnvelopeTransportOptions;
  readonly #limits: TransportLimits;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #rateLimits = new RateLimits();
  readonly #abort = new AbortController();
  readonly #waiting: Job[] = [];
  readonly #idleListeners = new Set<() => void>();
  readonly #active = new Set<Job>();
  #bytes = 0;

  constructor(options: EnvelopeTransportOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#url = new URL(options.url);
    this.#headers = { "content-type": "application/x-sentry-envelope", ...options.headers };
    this.#agent = createAgent(this.#url, this.#limits.maxConnections);
  }

  /** Never rejects: what cannot be sent is counted. */
  send(envelope: SentryEnvelope): Promise<Partial<PostResponse>> {
    const kept = this.#abort.signal.aborted ? [] : envelope[1].filter((item) => this.#passesRateLimit(item));
    if (this.#abort.signal.aborted) this.#dropQuietly(envelope[1].map(countItem), "shutdown");
    if (kept.length === 0) return Promise.resolve({});
    const items = kept.map(countItem);
    const body = this.#write([envelope[0], kept]);
    if (!body) return this.#refuse(items, "internal_sdk_error");
    const isFull =
      this.#waiting.length >= this.#limits.maxEnvelopes || this.#bytes + body.length > this.#limits.maxBytes;
    if (isFull) return this.#refuse(items, "queue_overflow");
    return new Promise((settle) => {
      this.#waiting.push({ body, items, settle });
      this.#bytes += body.length;
      this.#startWaiting();
    });
  }

  /** Resolves with true when nothing waits any more, with false when `timeoutMillis` has passed before that. */
  flush(timeoutMillis?: number): Promise<boolean> {
    if (this.#isIdle()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (isIdle: boolean) => {
        clearTimeout(timer);
        this.#idleListeners.delete(onIdle);
        resolve(isIdle);
      };
      const onIdle = () => finish(true);
      const timer = timeoutMillis ? setTimeout(() => finish(false), timeoutMillis) : undefined;
      this.#idleListeners.add(onIdle);
    });
  }

  /** Gives up on everything that has not been sent. */
  close(): void {
    this.#abort.abort();
    for (const job of [...this.#active, ...this.#waiting.splice(0)]) {
      this.#finish(job, () => this.#dropQuietly(job.items, "shutdown"));
    }
    this.#agent.destroy();
  }

  readQueue(): { envelopes: number; bytes: number } {
    return { envelopes: this.#waiting.length + this.#active.size, bytes: this.#bytes };
  }

  #startWaiting(): void {
    while (this.#active.size < this.#limits.maxConnections) {
      const job = this.#waiting.shift();
      if (!job) return;
      if (job.items.every(({ category }) => this.#rateLimits.isLimited(category))) {
        this.#finish(job, () => this.#report(job.items, "ratelimit_backoff"));
      } else {
        void this.#post(job);
      }
    }
  }

  async #post(job: Job): Promise<void> {
    this.#active.add(job);
    try {
      const response = await post({
        url: this.#url,
        headers: this.#headers,
        body: job.body,
        agent: this.#agent,
        deadlineMillis: this.#limits.deadlineMillis,
        signal: this.#abort.signal,
      });
      this.#rateLimits.update(response);
      // Closing has already settled what was under way.
      if (this.#active.has(job))
        this.#finish(job, () => this.#book(job.items, response.statusCode), response);
    } catch (error) {
      if (this.#active.has(job)) {
        this.#finish(job, () => this.#report(job.items, "network_error"));
        this.#options.onFailure?.(error instanceof Error ? error.message : String(error));
      }
    }
    this.#startWaiting();
  }

  #book(items: readonly ItemCount[], statusCode: number): void {
    if (statusCode >= 200 && statusCode < 300) {
      for (const { category, count } of items) this.#options.ledger.deliver(category, count);
    } else if (statusCode === 429) {
      // Sentry has counted these itself. https://develop.sentry.dev/sdk/expected-features/rate-limiting/
      this.#dropQuietly(items, "rate_limited");
    } else {
      this.#report(items, "send_error");
      this.#options.onFailure?.(`the answer was ${statusCode}`);
    }
  }

  #finish(job: Job, book: () => void, response: Partial<PostResponse> = {}): void {
    this.#active.delete(job);
    this.#bytes -= job.body.length;
    book();
    job.settle(response);
    if (this.#isIdle()) for (const onIdle of this.#idleListeners) onIdle();
  }

  #isIdle(): boolean {
    return this.#active.size === 0 && this.#waiting.length === 0;
  }

  #passesRateLimit(item: SentryEnvelope[1][number]): boolean {
    const counted = countItem(item);
    if (!this.#rateLimits.isLimited(counted.category)) return true;
    this.#report([counted], "ratelimit_backoff");
    return false;
  }

  /** `undefined` when scrubbing or writing failed: nothing unscrubbed ever leaves. */
  #write(envelope: SentryEnvelope): Uint8Array | undefined {
    try {
      const { scrubEnvelope } = this.#options;
      const scrubbed = scrubEnvelope ? scrubEnvelope(envelope) : envelope;
      const body = serializeEnvelope(scrubbed as unknown as CoreEnvelope);
      return typeof body === "string" ? Buffer.from(body) : body;
    } catch {
      return undefined;
    }
  }

  #refuse(items: readonly ItemCount[], reason: DropReason): Promise<Partial<PostResponse>> {
    this.#report(items, reason);
    return Promise.resolve({});
  }

  #report(items: readonly ItemCount[], reason: DropReason): void {
    for (const { category, count } of items) {
      if (category !== REPORTS) this.#options.reportDrop(reason, category as DropCategory, count);
    }
  }

  #dropQuietly(items: readonly ItemCount[], reason: string): void {
    for (const { category, count } of items) this.#options.ledger.drop(category, reason, count);
  }
}
