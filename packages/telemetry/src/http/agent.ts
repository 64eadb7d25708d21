import { ROOT_CONTEXT, context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { Connection } from "./connection.ts";
import { DeadlineClock } from "./deadline-clock.ts";
import type { Exchange, PostFailure, Posting } from "./exchange.ts";
import { createOpenSocket } from "./undici.ts";

export interface AgentOptions {
  readonly maxConnections: number;
  /** How many requests are under way on one connection at most. */
  readonly maxPipelined: number;
}

/** For so long after a connection failed with several requests under way, each connection gets one at a time. */
const PIPELINING_REST_MILLIS = 60_000;

const UNTRACED = suppressTracing(ROOT_CONTEXT);

/** What is sent meanwhile makes no span, and gets no trace header. */
export function withoutTracing<Result>(send: () => Result): Result {
  return context.with(UNTRACED, send);
}

/** The connections to one server. Sends nothing twice by itself. To be used `withoutTracing`. */
export class Agent {
  readonly #origin: string;
  readonly #options: AgentOptions;
  readonly #openSocket = createOpenSocket();
  /** The first ones first: the later ones are for what they cannot take. */
  readonly #connections = new Set<Connection>();
  readonly #deadlines = new DeadlineClock((now) => this.#endOverdue(now));
  #restsUntil = 0;

  constructor(url: URL, options: AgentOptions) {
    this.#origin = url.origin;
    this.#options = options;
  }

  /** Whether a request is sent at once. */
  hasRoom(): boolean {
    return this.#connections.size < this.#options.maxConnections || this.#find(true) !== undefined;
  }

  /** What there is no room for waits on the connection with the least to do. */
  send(posting: Posting): Exchange {
    const connection = this.#find(posting.isPipelined) ?? this.#connect() ?? this.#findLeastBusy();
    if (!connection) throw new Error("no connections are allowed");
    const exchange = connection.send(posting);
    this.#deadlines.watch(exchange.deadline);
    return exchange;
  }

  /** Gives up on everything. */
  destroy(): void {
    this.#deadlines.stop();
    for (const connection of this.#connections) connection.end(new Error("the connection was closed"));
  }

  #find(isPipelined: boolean): Connection | undefined {
    const { maxPipelined } = this.#options;
    const mayPipeline = isPipelined && maxPipelined > 1 && performance.now() >= this.#restsUntil;
    const depth = mayPipeline ? maxPipelined : 1;
    for (const connection of this.#connections) if (connection.hasRoom(depth)) return connection;
    return undefined;
  }

  #connect(): Connection | undefined {
    const { maxConnections, maxPipelined } = this.#options;
    if (this.#connections.size >= maxConnections) return undefined;
    const connection = new Connection(this.#origin, maxPipelined, this.#openSocket, (ended, failures) =>
      this.#tellEnd(ended, failures),
    );
    this.#connections.add(connection);
    return connection;
  }

  #findLeastBusy(): Connection | undefined {
    const [least] = [...this.#connections].toSorted((one, other) => one.size - other.size);
    return least;
  }

  #tellEnd(ended: Connection, failures: readonly [Posting, PostFailure][]): void {
    this.#connections.delete(ended);
    // Something on the way may not bear requests one behind the other.
    if (failures.length > 1 && failures[0]?.[1].cause === "failed") {
      this.#restsUntil = performance.now() + PIPELINING_REST_MILLIS;
    }
    for (const [posting, failure] of failures) posting.onFailure(failure);
  }

  #endOverdue(now: number): number {
    let next = Infinity;
    for (const connection of this.#connections) {
      connection.endOverdue(now);
      next = Math.min(next, connection.deadline);
    }
    return next;
  }
}
