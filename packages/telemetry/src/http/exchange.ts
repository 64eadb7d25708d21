import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export interface PostResponse {
  readonly statusCode: number;
  readonly headers: { "x-sentry-rate-limits": string | null; "retry-after": string | null };
  /** As much of it as an answer to telemetry can sensibly have. */
  readonly body: Uint8Array;
}

/** There was no complete answer before the deadline. */
export class DeadlineError extends Error {}

/** Why there is no answer. */
export interface PostFailure {
  readonly error: Error;
  /** Whether the server can have taken the request all the same. */
  readonly mayHaveArrived: boolean;
  /** Whether others were sent before it on the same connection and not answered: the fault is more likely theirs. */
  readonly wasBehindOthers: boolean;
  /**
   * `closed`: the server had said that it would read no more; such a request is simply sent again. `stale`: it had given
   * the idle connection up just as it was used again, most likely; sent again once.
   */
  readonly cause: "closed" | "stale" | "failed";
}

/** Whether the same request is sent again at once, as if nothing had been: `wasStale` tells of the attempt before. */
export function isSentAgain({ cause }: PostFailure, wasStale: boolean): boolean {
  return cause === "closed" || (cause === "stale" && !wasStale);
}

/** A body to post, and who is told the end; told once, never while it is being sent. */
export interface Posting {
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Uint8Array;
  /** When it began, on the clock of `performance.now()`. */
  readonly since: number;
  /** Ends the whole exchange, the answer's last byte included. */
  readonly deadlineMillis: number;
  /** Whether it may be sent behind others that have no answer yet. */
  readonly isPipelined: boolean;
  onAnswer(response: PostResponse): void;
  onFailure(failure: PostFailure): void;
}

/** What an exchange tells its connection. */
interface ExchangeOwner {
  complete(exchange: Exchange): void;
  /** The server closes the connection after the answer that has begun. */
  expectEnd(): void;
  refuse(exchange: Exchange, error: Error): void;
  end(error: Error): void;
}

const MAX_BODY_BYTES = 65_536;

/** One request and its answer, in the form that undici takes cheapest. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly posting: Posting;
  readonly options: Dispatcher.DispatchOptions;
  readonly deadline: number;
  /** Whether the request was handed to the socket. */
  isWritten = false;
  /** Whether the answer has begun. */
  hasBegun = false;
  readonly #owner: ExchangeOwner;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #statusCode = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(posting: Posting, owner: ExchangeOwner) {
    const { path, headers, body, isPipelined } = posting;
    this.posting = posting;
    this.#owner = owner;
    this.deadline = posting.since + posting.deadlineMillis;
    this.options = { path, method: "POST", headers, body, idempotent: isPipelined, blocking: false };
  }

  readResponse(): PostResponse {
    const [first = Buffer.alloc(0), ...others] = this.#chunks;
    return {
      body: others.length === 0 ? first : Buffer.concat(this.#chunks),
      statusCode: this.#statusCode,
      headers: {
        "x-sentry-rate-limits": readOne(this.#headers["x-sentry-rate-limits"]),
        "retry-after": readOne(this.#headers["retry-after"]),
      },
    };
  }

  /** Gives up on this request, and so on all that is under way on its connection. */
  abort(error: Error): void {
    this.#owner.end(error);
  }

  onRequestStart(): void {
    this.isWritten = true;
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.hasBegun = true;
    this.#statusCode = statusCode;
    this.#headers = headers;
    if (headers.connection === "close") this.#owner.expectEnd();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_BODY_BYTES) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#owner.complete(this);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#owner.refuse(this, error);
  }
}

function readOne(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(",") : (value ?? null);
}
