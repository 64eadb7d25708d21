import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Agent } from "../../http/agent.ts";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import { isCounter } from "./envelope-items.ts";
import type { Job } from "./envelope-queue.ts";
import type { TransportLimits } from "./limits.ts";

const compress = promisify(gzip);

/** As small as the default level makes it, give or take a tenth, for two thirds of its time. */
const COMPRESSION = { level: 3 };

/** The way to Sentry: connections, headers and compression. */
export class EnvelopeSender {
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

  /** Whether an envelope would be sent, or compressed, at once. */
  get hasRoom(): boolean {
    return this.#compressing < this.#limits.maxConnections && this.#agent.hasRoom();
  }

  isToBeCompressed({ isCompressed, body }: Job): boolean {
    return !isCompressed && body.length > this.#limits.compressAboveBytes;
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

  /** `settle` is called once, later. To be used `withoutTracing`. */
  send(job: Job, settle: (result: PostResponse | PostFailure) => void): void {
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
  }

  /** Ends all connections, and so all that is under way. */
  close(): void {
    this.#agent.destroy();
  }
}
