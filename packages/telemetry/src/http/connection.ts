import type { Socket } from "node:net";
import type { Client } from "undici";
import { DeadlineError, Exchange } from "./exchange.ts";
import type { PostFailure, Posting } from "./exchange.ts";
import { loadClient } from "./undici.ts";
import type { OpenSocket } from "./undici.ts";

/** Shorter than what anything on the way lets a silent connection live. */
const IDLE_MILLIS = 30_000;
/** Nothing more is sent behind a request that waits longer for its answer. */
const LATE_MILLIS = 250;
/** Nothing more is sent behind so much. */
const MAX_PIPELINED_BYTES = 262_144;
/** Node's default. Left to itself undici would take what Node was started with, and throw at the 0 that Node allows. */
const MAX_HEADER_BYTES = 16_384;
/** How the end of a connection shows that was idle as far as the server knew. */
const STALE_CODES = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
/** undici's code for an end that is no error: the server wanted it, or the connection was idle for too long. */
const ENDED_AS_AGREED = "UND_ERR_INFO";

/** Told the end of a connection, with what it has not answered in the order in which that was sent. */
export type OnEnd = (connection: Connection, failures: readonly [Posting, PostFailure][]) => void;

/** A kept connection. Several requests may be under way on it, one behind the other; with one of them all of them end. */
export class Connection {
  readonly #onEnd: OnEnd;
  readonly #client: Client;
  #socket: Socket | undefined;
  /** Sent or about to be sent, in order. */
  readonly #exchanges: Exchange[] = [];
  #bytes = 0;
  /** Since when the first one is the first one. */
  #firstSince = 0;
  #isProven = false;
  #hasAnsweredSinceIdle = false;
  #isEnding = false;
  #isDispatching = false;
  #isCorked = false;

  constructor(origin: string, maxPipelined: number, openSocket: OpenSocket, onEnd: OnEnd) {
    this.#onEnd = onEnd;
    const Client = loadClient();
    this.#client = new Client(origin, {
      pipelining: maxPipelined,
      // The whole exchange has one deadline instead.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MILLIS,
      connect: (options, callback) => {
        this.#socket = openSocket(options, callback);
      },
    });
    // Left to itself undici would connect again, and send again what was behind the request that failed.
    this.#client.on("disconnect", (_origin, _targets, error) => this.end(error));
    this.#client.on("connectionError", (_origin, _targets, error) => this.end(error));
  }

  /** How many requests wait for their answer. */
  get size(): number {
    return this.#exchanges.length;
  }

  /** The earliest time at which an answer is too late; `Infinity` when nothing is under way. */
  get deadline(): number {
    return this.#exchanges.reduce((earliest, { deadline }) => Math.min(earliest, deadline), Infinity);
  }

  /**
   * Whether a request is sent at once. Behind others only where the server has kept the connection once: before, most of
   * what is sent behind a first request would be sent again. https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2
   */
  hasRoom(maxPipelined: number): boolean {
    if (this.#isEnding) return false;
    if (this.#exchanges.length === 0) return true;
    if (!this.#isProven || this.#exchanges.length >= maxPipelined || this.#bytes >= MAX_PIPELINED_BYTES)
      return false;
    return performance.now() - this.#firstSince < LATE_MILLIS;
  }

  send(posting: Posting): Exchange {
    if (this.#exchanges.length === 0) {
      this.#firstSince = performance.now();
      this.#hasAnsweredSinceIdle = false;
    }
    const exchange = new Exchange(posting, this);
    this.#exchanges.push(exchange);
    this.#bytes += posting.body.length;
    this.#writeTogether(() => this.#client.dispatch(exchange.options, exchange));
    return exchange;
  }

  complete(exchange: Exchange): void {
    if (this.#exchanges[0] !== exchange) return;
    this.#remove(exchange);
    this.#firstSince = performance.now();
    this.#isProven = true;
    this.#hasAnsweredSinceIdle = true;
    exchange.posting.onAnswer(exchange.readResponse());
  }

  expectEnd(): void {
    this.#isEnding = true;
  }

  /** All others are told that a connection ends by its end, which comes at once. */
  refuse(exchange: Exchange, error: Error): void {
    if (!this.#isDispatching || !this.#remove(exchange)) return;
    const { posting } = exchange;
    queueMicrotask(() =>
      posting.onFailure({ error, mayHaveArrived: false, wasBehindOthers: false, cause: "failed" }),
    );
  }

  endOverdue(now: number): void {
    const overdue = this.#exchanges.find(({ deadline }) => deadline <= now);
    if (overdue) this.end(new DeadlineError(`no answer within ${overdue.posting.deadlineMillis} ms`));
  }

  /** Gives up on all that is under way. */
  end(error: Error): void {
    if (this.#client.destroyed) return;
    this.#isEnding = true;
    const cause = this.#readCause(error);
    const left = this.#exchanges.splice(0);
    this.#client.destroy(error, () => {});
    // undici does not end a socket that is not connected yet.
    this.#socket?.destroy();
    const failures = left.map(({ posting, isWritten }, index): [Posting, PostFailure] => {
      const mayHaveArrived = isWritten && cause !== "closed";
      return [posting, { error, mayHaveArrived, wasBehindOthers: index > 0, cause }];
    });
    this.#onEnd(this, failures);
  }

  #readCause(error: Error): PostFailure["cause"] {
    const code = "code" in error ? String(error.code) : "";
    // https://www.rfc-editor.org/rfc/rfc9112#section-9.6: what the server has not answered by then it has not read.
    if (code === ENDED_AS_AGREED) return "closed";
    const wasIdle = this.#isProven && !this.#hasAnsweredSinceIdle && !this.#exchanges[0]?.hasBegun;
    return wasIdle && STALE_CODES.has(code) ? "stale" : "failed";
  }

  /** Returns false when its end has been told already. */
  #remove(exchange: Exchange): boolean {
    const index = this.#exchanges.indexOf(exchange);
    if (index === -1) return false;
    this.#exchanges.splice(index, 1);
    this.#bytes -= exchange.posting.body.length;
    return true;
  }

  /** What is sent in one turn of the event loop costs one system call. */
  #writeTogether(dispatch: () => void): void {
    const socket = this.#isCorked ? undefined : this.#socket;
    socket?.cork();
    this.#isDispatching = true;
    dispatch();
    this.#isDispatching = false;
    if (!socket) return;
    this.#isCorked = true;
    // undici writes to a connection that was idle in an immediate too, which it has made by now.
    setImmediate(() => {
      this.#isCorked = false;
      socket.uncork();
    });
  }
}
