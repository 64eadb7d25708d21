import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { createAgent, post } from "../../http/post.ts";
import type { PostResponse } from "../../http/post.ts";
import type { Accounts } from "./accounts.ts";
import { Circuit } from "./circuit.ts";
import { isCounter } from "./envelope-items.ts";
import type { EnvelopeQueue, Job } from "./envelope-queue.ts";
import { readFailureAnswer, readNetworkFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { TransportLimits } from "./limits.ts";
import type { RateLimits } from "./rate-limits.ts";

const compress = promisify(gzip);

/** So often may an envelope fail while others get through; then the fault is its own. */
const MAX_FAILURES_OF_ONE = 8;

export interface DeliveryParts {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: TransportLimits;
  readonly queue: EnvelopeQueue;
  readonly rateLimits: RateLimits;
  readonly accounts: Accounts;
  /** Told why nothing gets through, every time. */
  readonly onFailure: (message: string) => void;
  /** Told when something gets through again. */
  readonly onRecovery: () => void;
  /** Called when fewer envelopes are under way, or fewer wait. */
  readonly onProgress: () => void;
}

/**
 * Takes envelopes from the queue to Sentry. One that fails for a reason that may pass goes back into the queue; a
 * circuit says when it is tried again.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #circuit: Circuit;
  readonly #abort = new AbortController();
  /** The single request that asks whether Sentry is back. */
  #probe: Job | undefined;
  #hasToldOutage = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#agent = createAgent(parts.url, parts.limits.maxConnections);
    const { backOff, maxAgeMillis } = parts.limits;
    this.#circuit = new Circuit(backOff, maxAgeMillis, () => this.#askAgain());
  }

  get isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Whether all that can happen now is to wait for the next attempt. */
  get isPausing(): boolean {
    return this.#circuit.isPausing && this.#parts.queue.activeCount === 0;
  }

  /** Starts as many requests as there are connections; while Sentry is down, one. */
  start(): void {
    const { queue, rateLimits, accounts } = this.#parts;
    while (this.#mayStart()) {
      const job = queue.take();
      if (!job) return;
      if (job.items.every(({ category }) => rateLimits.isLimited(category))) {
        accounts.drop(job.items, "ratelimit_backoff");
        this.#finish(job);
      } else {
        void this.#deliver(job);
      }
    }
  }

  /** Asks Sentry without waiting for the end of the pause. */
  askNow(): void {
    this.#circuit.endPause();
  }

  /** Gives up on everything. */
  close(): void {
    const { queue, accounts } = this.#parts;
    this.#abort.abort();
    this.#circuit.close();
    this.#agent.destroy();
    const { failure } = this.#circuit;
    // What waits because Sentry is down says so; for what was under way, there was no time left.
    for (const job of failure ? queue.readWaiting() : []) this.#giveUp(job, failure);
    for (const job of [...queue.readActive(), ...queue.readWaiting()]) {
      accounts.dropUnreported(job.items, "shutdown");
      this.#finish(job);
    }
  }

  #mayStart(): boolean {
    const { queue, limits } = this.#parts;
    if (this.isClosed || this.#circuit.isPausing || queue.activeCount >= limits.maxConnections) return false;
    return this.#circuit.failure === undefined || this.#probe === undefined;
  }

  #askAgain(): void {
    const { queue, limits } = this.#parts;
    const oldest = performance.now() - limits.maxAgeMillis;
    for (const job of queue.readWaiting()) if (job.since < oldest) this.#giveUp(job, this.#circuit.failure);
    this.start();
  }

  async #deliver(job: Job): Promise<void> {
    const isProbe = this.#circuit.failure !== undefined;
    if (isProbe) this.#probe = job;
    const result = await this.#attempt(job);
    if (isProbe) this.#probe = undefined;
    // Closing has already settled what was under way.
    if (!this.#parts.queue.isActive(job)) return;
    if ("reason" in result) this.#fail(job, result, isProbe);
    else this.#succeed(job, result);
    this.start();
    this.#parts.onProgress();
  }

  async #attempt(job: Job): Promise<PostResponse | Failure> {
    const { url, limits, queue, rateLimits } = this.#parts;
    try {
      if (!job.isCompressed && job.body.length > limits.compressAboveBytes) {
        queue.compress(job, await compress(job.body));
      }
      const headers = { ...this.#parts.headers, ...(job.isCompressed && { "content-encoding": "gzip" }) };
      const { deadlineMillis } = limits;
      const { signal } = this.#abort;
      const response = await post({
        url,
        headers,
        body: job.body,
        agent: this.#agent,
        deadlineMillis,
        signal,
      });
      rateLimits.update(response);
      return readFailureAnswer(response) ?? response;
    } catch (error) {
      return readNetworkFailure(error);
    }
  }

  #fail(job: Job, failure: Failure, isProbe: boolean): void {
    // Others that were under way when Sentry went down say nothing new.
    if (isProbe || !this.#circuit.failure) this.#circuit.fail(failure);
    if (isProbe) {
      this.#hasToldOutage = true;
      this.#parts.onFailure(failure.message);
    } else {
      job.failures += 1;
    }
    const isRepeatable = !failure.mayHaveArrived || !job.items.some(isCounter);
    if (isRepeatable && job.failures < MAX_FAILURES_OF_ONE) this.#parts.queue.putBack(job);
    else this.#giveUp(job, failure);
  }

  /** Sentry is there, whatever it says about this envelope. */
  #succeed(job: Job, response: PostResponse): void {
    const { accounts, onFailure, onRecovery } = this.#parts;
    const { statusCode } = response;
    if (this.#circuit.failure && this.#hasToldOutage) onRecovery();
    this.#circuit.succeed();
    if (statusCode >= 200 && statusCode < 300) {
      accounts.deliver(job.items);
    } else if (statusCode === 429) {
      // Sentry has counted these itself. https://develop.sentry.dev/sdk/expected-features/rate-limiting/
      accounts.dropUnreported(job.items, "rate_limited");
    } else {
      accounts.drop(job.items, "send_error");
      onFailure(`the answer was ${statusCode}`);
    }
    this.#finish(job, response);
  }

  #giveUp(job: Job, failure: Failure | undefined): void {
    this.#parts.accounts.drop(job.items, failure?.reason ?? "network_error");
    if (failure) this.#parts.onFailure(failure.message);
    this.#finish(job);
  }

  #finish(job: Job, response: Partial<PostResponse> = {}): void {
    this.#parts.queue.remove(job);
    job.settle?.(response);
    this.#parts.onProgress();
  }
}
