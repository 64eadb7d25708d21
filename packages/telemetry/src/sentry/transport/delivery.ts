import { isSentAgain } from "../../http/exchange.ts";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import type { Accounts } from "./accounts.ts";
import { Circuit } from "./circuit.ts";
import { isCounter } from "./envelope-items.ts";
import type { EnvelopeQueue, Job } from "./envelope-queue.ts";
import { readFailureAnswer, readPostFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { QueueLimits } from "./limits.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { Sender } from "./sender.ts";

/** So often may an envelope fail while others get through; then the fault is its own. */
const MAX_FAILURES_OF_ONE = 8;

export interface DeliveryParts {
  readonly sender: Sender;
  readonly limits: QueueLimits;
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
  readonly #sender: Sender;
  readonly #circuit: Circuit;
  isClosed = false;
  #hasToldOutage = false;
  #isStarting = false;

  constructor(parts: DeliveryParts) {
    const { sender, limits } = parts;
    const { backOff, maxAgeMillis } = limits;
    this.#parts = parts;
    this.#sender = sender;
    this.#circuit = new Circuit(backOff, maxAgeMillis, () => this.#askAgain());
  }

  /** Whether all that can happen now is to wait for the next attempt. */
  get isPausing(): boolean {
    return this.#circuit.isPausing && this.#parts.queue.activeCount === 0;
  }

  /** Soon starts as many requests as there is room for; while Sentry is down, one. */
  start(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    // All that is added in one go, and all answers that are read in one go, are dealt with at once. Nothing in it throws:
    // nobody else would catch that, and what was taken from the queue would stay under way for ever.
    queueMicrotask(() => {
      this.#isStarting = false;
      this.#sender.sendTogether(() => this.#startAll());
      this.#parts.onProgress();
    });
  }

  /** Asks Sentry without waiting for the end of the pause. */
  askNow(): void {
    this.#circuit.endPause();
  }

  /** Gives up on everything. */
  close(): void {
    const { queue, accounts } = this.#parts;
    this.isClosed = true;
    this.#circuit.close();
    const { failure } = this.#circuit;
    // What waits because Sentry is down says so; for what was under way, there was no time left.
    for (const job of failure ? queue.readWaiting() : []) this.#giveUp(job, failure);
    for (const job of [...queue.readActive(), ...queue.readWaiting()]) {
      accounts.dropUnreported(job.items, "shutdown");
      this.#finish(job);
    }
    this.#sender.close();
    this.#parts.onProgress();
  }

  #startAll(): void {
    const { queue, rateLimits, accounts } = this.#parts;
    while (this.#mayStart()) {
      const job = queue.take();
      if (!job) return;
      if (rateLimits.areAllLimited(job.items)) {
        accounts.drop(job.items, "ratelimit_backoff");
        this.#finish(job);
      } else if (this.#sender.isCompressedElsewhere(job)) {
        void this.#compress(job);
      } else {
        this.#send(job);
      }
    }
  }

  #mayStart(): boolean {
    return !this.isClosed && this.#circuit.hasRoom && this.#sender.hasRoom;
  }

  #askAgain(): void {
    const { queue, limits } = this.#parts;
    const oldest = performance.now() - limits.maxAgeMillis;
    for (const job of queue.readWaiting()) if (job.since < oldest) this.#giveUp(job, this.#circuit.failure);
    this.start();
  }

  async #compress(job: Job): Promise<void> {
    const { queue, accounts } = this.#parts;
    const body = await this.#sender.compress(job).catch(() => undefined);
    // Closing has already settled what was under way.
    if (!queue.isActive(job)) return;
    if (!body) {
      accounts.drop(job.items, "internal_sdk_error");
      this.#finish(job);
    } else {
      queue.compress(job, body);
      if (this.#mayStart()) this.#send(job);
      else queue.putBack(job);
    }
    this.start();
  }

  #send(job: Job): void {
    const compressed = this.#sender.compressInPlace(job);
    if (compressed) this.#parts.queue.compress(job, compressed);
    const isProbe = this.#circuit.begin();
    this.#sender.send(job, (result) => {
      if (isProbe) this.#circuit.endProbe();
      if (!this.#parts.queue.isActive(job)) return;
      if ("statusCode" in result) this.#readAnswer(job, result, isProbe);
      else this.#readFailure(job, result, isProbe);
      this.start();
    });
  }

  #readAnswer(job: Job, response: PostResponse, isProbe: boolean): void {
    this.#parts.rateLimits.update(response);
    const failure = readFailureAnswer(response);
    if (failure) this.#fail(job, failure, isProbe);
    else this.#succeed(job, response);
  }

  #readFailure(job: Job, failure: PostFailure, isProbe: boolean): void {
    if (isSentAgain(failure, job.wasStale)) {
      job.wasStale = failure.cause === "stale";
      this.#parts.queue.putBack(job);
      return;
    }
    job.wasStale = false;
    this.#fail(job, readPostFailure(failure), isProbe, failure.wasBehindOthers);
  }

  #fail(job: Job, failure: Failure, isProbe: boolean, isFaultOfOther = false): void {
    // Others that were under way when Sentry went down say nothing new.
    if (isProbe || !this.#circuit.failure) this.#circuit.fail(failure);
    if (isProbe) {
      this.#hasToldOutage = true;
      this.#parts.onFailure(failure.message);
    } else if (!isFaultOfOther) {
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
    if (!accounts.settle(job.items, statusCode)) onFailure(`the answer was ${statusCode}`);
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
  }
}
