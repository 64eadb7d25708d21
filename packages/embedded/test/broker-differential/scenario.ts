import { randomBytes } from "node:crypto";
import { WireConnection, type ConnectOptions } from "../broker-wire/wire-connection.ts";
import type { WireChannel } from "../broker-wire/wire-channel.ts";

/** Does something at a server and returns what could be seen, as plain values. */
export type Scenario = (session: Session) => Promise<unknown>;

/** A group of scenarios by name; the names are sentences and unique. */
export type Scenarios = Record<string, Scenario>;

const patienceMillis = 60_000;

/** What a scenario works with; afterwards everything it made is removed from the server. */
export class Session {
  readonly url: string;
  readonly #prefix = `tb-${randomBytes(6).toString("hex")}-`;
  readonly #names = new Set<string>();
  readonly #connections: WireConnection[] = [];

  constructor(url: string) {
    this.url = url;
  }

  /** A name of this run only. In what is observed it reads as given here. */
  name(label: string): string {
    const name = this.#prefix + label;
    this.#names.add(name);
    return name;
  }

  async connect(options: ConnectOptions = {}): Promise<WireConnection> {
    const connection = await WireConnection.open(this.url, options);
    this.#connections.push(connection);
    return connection;
  }
  async raw(): Promise<WireConnection> {
    const connection = await WireConnection.raw(this.url);
    this.#connections.push(connection);
    return connection;
  }
  /** A channel of a new connection. */
  async channel(options: ConnectOptions = {}): Promise<WireChannel> {
    return (await this.connect(options)).channel();
  }
  /** The same in confirm mode: after `confirms()` the messages are where they belong. */
  async confirmChannel(): Promise<WireChannel> {
    const channel = await this.channel();
    await channel.confirmSelect();
    return channel;
  }
  /** Declares a queue and returns its name. */
  async queue(channel: WireChannel, label: string, args = {}): Promise<string> {
    const name = this.name(label);
    await channel.call("queue.declare", { queue: name, ...args });
    return name;
  }

  /** Asks again and again until the answer is the wanted one. */
  async until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
    const deadline = Date.now() + patienceMillis;
    for (;;) {
      const answer = await ask();
      if (isWanted(answer)) return answer;
      if (Date.now() > deadline)
        throw new Error(`still ${JSON.stringify(answer)} after ${patienceMillis} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Removes this run's prefix and random names. */
  normalise(observed: unknown): unknown {
    const text = JSON.stringify(observed ?? null)
      .replaceAll(this.#prefix, "")
      .replaceAll(/amq\.(gen|ctag)-[\w-]+/g, "amq.$1-random");
    return JSON.parse(text);
  }

  async end(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    const connection = await WireConnection.open(this.url);
    for (const name of this.#names) {
      const channel = await connection.channel();
      await this.until(
        () => channel.call("queue.delete", { queue: name }),
        ({ closed }) => closed === undefined || closed === "channel",
      );
      await (await connection.channel()).call("exchange.delete", { exchange: name });
    }
    await connection.close();
  }
}

/** Runs a scenario at the server of the URL. */
export async function runScenario(scenario: Scenario, url: string): Promise<unknown> {
  const session = new Session(url);
  try {
    return session.normalise(await scenario(session));
  } finally {
    await session.end();
  }
}
