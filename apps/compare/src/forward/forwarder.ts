import { setTimeout as sleep } from "node:timers/promises";
import type { ReceivedRequest } from "@tracebridge/receivers";
import type { Destination, ForwardedBody } from "./destination.ts";
import { postBody, type PostResult } from "./post-body.ts";

/** What became of the bodies for one back end. */
export interface ForwardCounts {
  to: string;
  forwarded: number;
  /** The back end does not want them. */
  refused: number;
  /** There was no room or no time for them. */
  lost: number;
  waiting: number;
  waitingBytes: number;
}

export interface ForwarderOptions {
  tell: (message: string) => void;
  maxWaitingBytes?: number;
  /** A body may have no bytes at all. */
  maxWaitingBodies?: number;
  requestTimeoutMillis?: number;
  /** Waited after the first failure; doubles with each that follows. */
  firstBackOffMillis?: number;
}

/** Sends bodies on in the background. */
export interface Forwarder {
  forward(request: ReceivedRequest, body: Uint8Array): void;
  counts: () => ForwardCounts;
  /** Sends what waits, as far as it can be sent in this time; the rest is lost, and told. */
  close(millis: number): Promise<void>;
}

const maxRequests = 4;
/** Attempts for a body that makes the back end fail. */
const maxAttempts = 5;
const maxBackOffMillis = 30_000;
/** A back end may not silence forwarding for longer by one answer. */
const maxRetryAfterMillis = 300_000;

export function createForwarder(destination: Destination, options: ForwarderOptions): Forwarder {
  const queue = new ForwardQueue(destination, options);
  return {
    forward: (request, body) => {
      const forwarded = destination.address(request, body);
      if (forwarded) queue.add(forwarded);
    },
    counts: () => queue.counts(),
    close: (millis) => queue.close(millis),
  };
}

class ForwardQueue {
  readonly #destination: Destination;
  readonly #tell: (message: string) => void;
  readonly #limits: {
    waitingBytes: number;
    waitingBodies: number;
    requestMillis: number;
    firstBackOffMillis: number;
  };
  readonly #waiting: ForwardedBody[] = [];
  readonly #counts = { forwarded: 0, refused: 0, lost: 0 };
  readonly #stopping = new AbortController();
  /** Senders under way; each takes bodies until there is none left. */
  readonly #senders = new Set<Promise<void>>();
  #waitingBytes = 0;
  #unanswered = 0;
  #failures = 0;
  #resumeAt = 0;
  #deadline = Infinity;
  readonly #told = new Set<string>();

  constructor(destination: Destination, options: ForwarderOptions) {
    this.#destination = destination;
    this.#tell = options.tell;
    this.#limits = {
      waitingBytes: options.maxWaitingBytes ?? 64 * 1024 * 1024,
      waitingBodies: options.maxWaitingBodies ?? 100_000,
      requestMillis: options.requestTimeoutMillis ?? 10_000,
      firstBackOffMillis: options.firstBackOffMillis ?? 500,
    };
  }

  counts(): ForwardCounts {
    const waiting = this.#waiting.length + this.#unanswered;
    return { to: this.#destination.name, ...this.#counts, waiting, waitingBytes: this.#waitingBytes };
  }

  add(body: ForwardedBody): void {
    const isFull =
      this.#waitingBytes + body.body.length > this.#limits.waitingBytes ||
      this.#waiting.length + this.#unanswered >= this.#limits.waitingBodies;
    if (isFull || this.#stopping.signal.aborted) {
      this.#counts.lost += 1;
      this.#tellOnce("lost", "too much waits for it: what arrives now is not forwarded");
      return;
    }
    this.#waiting.push(body);
    this.#waitingBytes += body.body.length;
    if (this.#senders.size >= maxRequests) return;
    const sender: Promise<void> = this.#send().finally(() => this.#senders.delete(sender));
    this.#senders.add(sender);
  }

  async close(millis: number): Promise<void> {
    this.#deadline = Date.now() + millis;
    const timer = setTimeout(() => this.#stopping.abort(), millis);
    await Promise.all(this.#senders);
    clearTimeout(timer);
    const { forwarded, refused, lost } = this.#counts;
    if (refused + lost > 0) {
      this.#tell(
        `forwarded ${forwarded} bodies to ${this.#destination.name}; ${refused} refused, ${lost} lost.`,
      );
    }
  }

  async #send(): Promise<void> {
    for (let body = this.#waiting.shift(); body; body = this.#waiting.shift()) {
      this.#unanswered += 1;
      const sent = await this.#sendOne(body);
      this.#unanswered -= 1;
      this.#waitingBytes -= body.body.length;
      this.#counts[sent] += 1;
    }
  }

  async #sendOne(body: ForwardedBody): Promise<"forwarded" | "refused" | "lost"> {
    for (let attempt = 1; ;) {
      if (!(await this.#waitForTurn())) return "lost";
      const resumedAt = this.#resumeAt;
      const millis = Math.min(this.#limits.requestMillis, this.#deadline - Date.now());
      const result = await postBody(body, millis);
      if (result.outcome === "later" || (result.outcome === "failed" && attempt < maxAttempts)) {
        if (result.outcome === "failed") attempt += 1;
        // Several were under way: one failure of the back end is not counted for each of them.
        if (resumedAt === this.#resumeAt) this.#backOff(result);
        continue;
      }
      if (this.#told.delete("later")) this.#tell(`${this.#destination.name} takes data again.`);
      this.#failures = 0;
      if (result.outcome === "taken") return "forwarded";
      this.#tellOnce("refused", `${result.reason}: it does not want what it is sent`);
      return "refused";
    }
  }

  /** False when there is no time left. */
  async #waitForTurn(): Promise<boolean> {
    const { signal } = this.#stopping;
    for (let wait = this.#resumeAt - Date.now(); wait > 0; wait = this.#resumeAt - Date.now()) {
      // In steps: at the end a body waits for its turn no longer than there is time.
      await sleep(Math.min(wait, 1000), undefined, { signal }).catch(() => {});
      if (signal.aborted) return false;
    }
    return !signal.aborted && this.#deadline > Date.now();
  }

  /** The back end as a whole is given time, not this one body. */
  #backOff(result: Exclude<PostResult, { outcome: "taken" }>): void {
    this.#tellOnce("later", `${result.reason}; it is tried again until it works`);
    const longest = Math.min(this.#limits.firstBackOffMillis * 2 ** this.#failures, maxBackOffMillis);
    this.#failures += 1;
    const retryAfterMillis = result.outcome === "later" ? result.retryAfterMillis : undefined;
    const asked = Math.min(retryAfterMillis ?? 0, maxRetryAfterMillis);
    this.#resumeAt = Date.now() + Math.max(asked, longest * (0.5 + Math.random() / 2));
  }

  #tellOnce(what: "lost" | "refused" | "later", problem: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    const { name, variable } = this.#destination;
    this.#tell(`forwarding to ${name} (${variable}): ${problem}. Counts are at /health.`);
  }
}
