import { promisify } from "node:util";
import { gzip, gzipSync } from "node:zlib";
import { Agent, withoutTracing } from "../../http/agent.ts";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import { isCounter } from "./envelope-items.ts";
import type { Job } from "./envelope-queue.ts";
import type { TransportLimits } from "./limits.ts";
import type { Sender } from "./sender.ts";

const compress = promisify(gzip);

/** As small as the default level makes it, give or take a tenth, for two thirds of its time. */
const COMPRESSION = { level: 3 };
/** What is larger would hold the event loop up for longer than 0.3 ms; in place it takes half of what it takes elsewhere. */
const MAX_BYTES_IN_PLACE = 65_536;

/** From Node: connections, headers and compression. */
export class EnvelopeSender implements Sender {
  readonly #agent: Agent;
  readonly #path: string;
  readonly #limits: TransportLimits;
  readonly #plainHeaders: string[];
  readonly #compressedHeaders: string[];
  #compressing = 0;

  constructor(url: URL, headers: Readonly<Record<string, string>>, limits: TransportLimits) {
    const { maxConnections, maxPipelined } = limits;
    this.#agent = new Agent(url, { maxConnections, maxPipelined });
    this.#path = url.pathname + url.search;
    this.#limits = limits;
    this.#plainHeaders = Object.entries(headers).flat();
    this.#compressedHeaders = [...this.#plainHeaders, "content-encoding", "gzip"];
  }

  get hasRoom(): boolean {
    return this.#compressing < this.#limits.maxConnections && this.#agent.hasRoom();
  }

  isCompressedElsewhere(job: Job): boolean {
    return this.#isToBeCompressed(job) && job.body.length > MAX_BYTES_IN_PLACE;
  }

  compressInPlace(job: Job): Uint8Array | undefined {
    if (!this.#isToBeCompressed(job)) return undefined;
    try {
      return gzipSync(job.body, COMPRESSION);
    } catch {
      return undefined; // there is no memory left for it
    }
  }

  /** On another thread: a large envelope takes milliseconds. */
  async compress({ body }: Job): Promise<Uint8Array> {
    this.#compressing += 1;
    try {
      return await compress(body, COMPRESSION);
    } finally {
      this.#compressing -= 1;
    }
  }

  sendTogether(start: () => void): void {
    withoutTracing(start);
  }

  send(job: Job, settle: (result: PostResponse | PostFailure) => void): void {
    try {
      this.#agent.send({
        path: this.#path,
        headers: job.isCompressed ? this.#compressedHeaders : this.#plainHeaders,
        body: job.body,
        since: performance.now(),
        deadlineMillis: this.#limits.deadlineMillis,
        // What may not come twice is not sent where the failure of another would leave its fate unknown.
        isPipelined: !job.items.some(isCounter),
        onAnswer: settle,
        onFailure: settle,
      });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      queueMicrotask(() => settle({ error, mayHaveArrived: false, wasBehindOthers: false, cause: "failed" }));
    }
  }

  #isToBeCompressed({ isCompressed, body }: Job): boolean {
    return !isCompressed && body.length > this.#limits.compressAboveBytes;
  }

  close(): void {
    this.#agent.destroy();
  }
}
