import { createBodyFrames, createHeaderFrame } from "../../src/broker/codec/frame.ts";
import { methodTable, type MethodName } from "../../src/broker/codec/method-table.ts";
import type { Arguments } from "../../src/broker/codec/method.ts";
import { writeProperties } from "../../src/broker/codec/properties.ts";
import { createProperties, plainArguments, plainProperties, type PlainProperties } from "./plain.ts";
import type { Received, WireConnection } from "./wire-connection.ts";

export interface PublishOptions {
  exchange?: string;
  key?: string;
  body?: string | Buffer;
  properties?: PlainProperties;
  rawProperties?: Buffer;
  mandatory?: boolean;
  immediate?: boolean;
}

/** A method of the server as plain values. */
export type Observation = Record<string, unknown>;

/** Sent by the server without being asked. */
const unasked = new Set<string | undefined>([
  "basic.deliver",
  "basic.return",
  "basic.ack",
  "basic.nack",
  "basic.cancel",
]);
const confirmNames = new Set<string | undefined>(["basic.ack", "basic.nack"]);
const longestShownBody = 100;

/** One channel of a {@link WireConnection}. */
export class WireChannel {
  readonly #connection: WireConnection;
  readonly number: number;
  #published = 0;
  readonly #confirmed = new Map<number, string>();
  closure: Observation | undefined;

  constructor(connection: WireConnection, number: number) {
    this.#connection = connection;
    this.number = number;
  }

  send<N extends MethodName>(name: N, args: Partial<Arguments<N>> = {}): void {
    this.#connection.send(this.number, name, args);
  }

  /** Sends a method and returns the answer to it, or how the server closed. */
  async call<N extends MethodName>(name: N, args: Partial<Arguments<N>> = {}): Promise<Observation> {
    this.send(name, args);
    return this.#take(({ method }) => !unasked.has(method?.name));
  }

  async #take(isWanted: (received: Received) => boolean): Promise<Observation> {
    if (this.closure !== undefined) return this.closure;
    const isWantedOrEnd = (received: Received): boolean =>
      isWanted(received) || received.method?.name === "channel.close";
    const observation = observe(await this.#connection.next(this.number, isWantedOrEnd));
    if (observation["closed"] !== undefined) this.closure = observation;
    return observation;
  }

  /** The next method of this name, or how the server closed. */
  next(name: MethodName): Promise<Observation> {
    return this.#take(({ method }) => method?.name === name);
  }
  async nextMany(name: MethodName, count: number): Promise<Observation[]> {
    const all: Observation[] = [];
    while (all.length < count) all.push(await this.next(name));
    return all;
  }

  publish({ exchange = "", key = "", body = "", ...options }: PublishOptions): void {
    const { mandatory = false, immediate = false, properties = {} } = options;
    const bytes = Buffer.from(body);
    const raw = options.rawProperties ?? writeProperties(createProperties(properties));
    this.send("basic.publish", { exchange, routingKey: key, mandatory, immediate });
    this.#connection.sendBytes(createHeaderFrame(this.number, bytes.length, raw));
    for (const frame of createBodyFrames(this.number, bytes, 131_072)) this.#connection.sendBytes(frame);
    this.#published++;
  }

  async confirmSelect(): Promise<void> {
    await this.call("confirm.select");
    this.#published = 0;
  }
  /** Waits until every message is confirmed, in whatever order; returns "ack" or "nack" for each. */
  async confirms(): Promise<string[]> {
    while (this.#confirmed.size < this.#published) {
      const answer = await this.#take(({ method }) => confirmNames.has(method?.name));
      if (answer["closed"] !== undefined) return ["closed"];
      const last = Number(answer["deliveryTag"]);
      const word = answer["method"] === "basic.ack" ? "ack" : "nack";
      // "multiple" speaks for every earlier message that was not confirmed alone.
      for (let tag = answer["multiple"] === true ? 1 : last; tag <= last; tag++) {
        if (!this.#confirmed.has(tag)) this.#confirmed.set(tag, word);
      }
    }
    return [...this.#confirmed].sort(([one], [other]) => one - other).map(([, word]) => word);
  }

  /** "open" when the channel survived what was sent, or how the server closed. */
  async outcome(): Promise<Observation | "open"> {
    const answer = await this.call("channel.flow", { active: true });
    return answer["closed"] === undefined ? "open" : answer;
  }

  /** Bodies and marks of what waits in the queue, taken out of it. */
  async drain(queue: string): Promise<Observation[]> {
    const all: Observation[] = [];
    for (;;) {
      const message = await this.call("basic.get", { queue, noAck: true });
      if (message["method"] !== "basic.get-ok") return all;
      all.push(message);
    }
  }
  async count(queue: string): Promise<unknown> {
    return (await this.call("queue.declare", { queue, passive: true }))["messageCount"];
  }

  /** Everything that has come unasked and nobody has taken, in order. */
  async unread(): Promise<Observation[]> {
    await this.outcome();
    return this.#connection.takeAll(this.number).map((received) => observe(received));
  }
}

export function observe(received: Received): Observation {
  const { method, body, rawProperties, bytes } = received;
  if (received.ended === true) return { closed: "socket" };
  if (bytes !== undefined) return { bytes: bytes.toString("hex") };
  if (method === undefined) return { heartbeat: true };
  if (method.name === "connection.close" || method.name === "channel.close") {
    const { replyCode, replyText, classId, methodId } = method.args;
    const closed = method.name === "channel.close" ? "channel" : "connection";
    return { closed, code: replyCode, text: replyText, after: findName(classId, methodId) };
  }
  const plain = { method: method.name, ...plainArguments(method) };
  if (body === undefined || rawProperties === undefined) return plain;
  const text = body.length > longestShownBody ? `${body.length} bytes` : body.toString();
  return { ...plain, body: text, properties: plainProperties(rawProperties) };
}

function findName(classId: number, methodId: number): string {
  const found = Object.entries(methodTable).find(([, { id }]) => id[0] === classId && id[1] === methodId);
  return found?.[0] ?? `${classId}.${methodId}`;
}
