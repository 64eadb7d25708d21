import { randomBytes } from "node:crypto";
import { emptyTable } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";
import {
  checkSameExchange,
  checkSameQueue,
  describeMatch,
  locked,
  refuseDefaultExchange,
  refuseReserved,
} from "./checks.ts";
import { createDeadLetter, isAutomaticCycle } from "./dead-letter.ts";
import {
  Exchange,
  isExchangeType,
  isSameBinding,
  type Binding,
  type ExchangeRequest,
  type ExchangeType,
} from "./exchange.ts";
import { readText } from "./field.ts";
import { readMatchMode } from "./headers-match.ts";
import type { Message } from "./message.ts";
import { readQueueSettings } from "./queue-settings.ts";
import { Queue, type DeathReason, type QueueHost, type QueueRequest } from "./queue.ts";

const builtIn: readonly (readonly [string, ExchangeType])[] = [
  ["", "direct"],
  ["amq.direct", "direct"],
  ["amq.fanout", "fanout"],
  ["amq.topic", "topic"],
  ["amq.headers", "headers"],
  ["amq.match", "headers"],
];

/** The only virtual host, "/": exchanges, queues, bindings, routing. Knows nothing of sockets. */
export class VirtualHost implements QueueHost {
  readonly #exchanges = new Map<string, Exchange>();
  readonly #queues = new Map<string, Queue>();

  constructor() {
    for (const [name, type] of builtIn) {
      const declaration = {
        name,
        type,
        durable: true,
        autoDelete: false,
        internal: false,
        arguments: emptyTable,
      };
      this.#exchanges.set(name, new Exchange(declaration));
    }
  }

  findExchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name);
  }
  exchange(name: string): Exchange {
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined) throw new AmqpError(404, `no exchange '${name}' in vhost '/'`);
    return exchange;
  }
  /** exchange.declare with `passive`. */
  lookUpExchange(name: string): void {
    refuseDefaultExchange(name);
    this.exchange(name);
  }
  findQueue(name: string): Queue | undefined {
    return this.#queues.get(name);
  }
  /** The queue, unless it does not exist or is exclusive to another connection. */
  queue(name: string, user: object): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AmqpError(404, `no queue '${name}' in vhost '/'`);
    if (queue.declaration.owner !== undefined && queue.declaration.owner !== user) throw locked(name);
    return queue;
  }

  declareExchange(request: ExchangeRequest): void {
    const { exchange: name, type } = request;
    refuseDefaultExchange(name);
    if (!isExchangeType(type)) throw new AmqpError(406, `unknown exchange type '${type}'`);
    const existing = this.#exchanges.get(name);
    if (existing !== undefined) return checkSameExchange(existing, request);
    refuseReserved("exchange", name);
    const alternate = request.arguments.get("alternate-exchange");
    if (alternate !== undefined && readText(alternate) === undefined) {
      throw new AmqpError(406, `invalid arg 'alternate-exchange' for exchange '${name}' in vhost '/'`);
    }
    this.#exchanges.set(name, new Exchange({ ...request, name, type }));
  }

  deleteExchange(name: string, ifUnused: boolean): void {
    refuseDefaultExchange(name);
    if (name.startsWith("amq.")) {
      throw new AmqpError(403, `deletion of system exchange '${name}' in vhost '/' not allowed`);
    }
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined) return;
    if (ifUnused && exchange.isBound) throw new AmqpError(406, `exchange '${name}' in vhost '/' in use`);
    this.#removeExchange(exchange);
  }

  #removeExchange(exchange: Exchange): void {
    this.#exchanges.delete(exchange.name);
    this.#unbindEverywhere(exchange);
  }

  declareQueue(request: QueueRequest, user: object): Queue {
    const name = request.queue === "" ? `amq.gen-${randomBytes(16).toString("base64url")}` : request.queue;
    const owner = request.exclusive ? user : undefined;
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      checkSameQueue(existing, request, owner);
      existing.touch();
      return existing;
    }
    if (request.queue !== "") refuseReserved("queue", name);
    const settings = readQueueSettings(request.arguments, `queue '${name}' in vhost '/'`);
    const queue = new Queue(this, { ...request, name, settings, owner });
    this.#queues.set(name, queue);
    return queue;
  }

  /** Returns how many waiting messages went with it. */
  deleteQueue(queue: Queue, conditions: { ifUnused?: boolean; ifEmpty?: boolean } = {}): number {
    const used = queue.consumers.length > 0;
    if (conditions.ifUnused === true && used)
      throw new AmqpError(406, `queue '${queue.name}' in vhost '/' in use`);
    if (conditions.ifEmpty === true && queue.length > 0) {
      throw new AmqpError(406, `queue '${queue.name}' in vhost '/' not empty`);
    }
    if (queue.isDeleted) return 0;
    this.#queues.delete(queue.name);
    this.#unbindEverywhere(queue);
    return queue.end();
  }

  /** An exclusive queue lives as long as its connection. */
  deleteQueuesOf(user: object): void {
    for (const queue of this.#queues.values()) if (queue.declaration.owner === user) this.deleteQueue(queue);
  }

  /** Ends every queue: timers stop, consumers go. */
  close(): void {
    for (const queue of this.#queues.values()) this.deleteQueue(queue);
  }

  bind(source: Exchange, binding: Binding): void {
    refuseDefaultExchange(source.name);
    if (source.declaration.type === "headers" && readMatchMode(binding.arguments) === undefined) {
      const received = describeMatch(binding.arguments.get("x-match"));
      throw new AmqpError(406, received);
    }
    source.bind(binding);
  }

  unbind(source: Exchange, binding: Binding): void {
    refuseDefaultExchange(source.name);
    this.#unbindFrom(source, (existing) => isSameBinding(existing, binding));
  }

  #unbindEverywhere(destination: Queue | Exchange): void {
    for (const exchange of this.#exchanges.values()) {
      this.#unbindFrom(exchange, (binding) => binding.destination === destination);
    }
  }

  #unbindFrom(source: Exchange, isRemoved: (binding: Binding) => boolean): void {
    const lostLast = source.unbind(isRemoved);
    if (lostLast && source.declaration.autoDelete) this.#removeExchange(source);
  }

  /** Every queue the message reaches, each once; follows bindings between exchanges and alternate exchanges. */
  #route(start: Exchange, message: Message): Set<Queue> {
    const keys = message.routingKeys({ withBcc: true });
    const queues = new Set<Queue>();
    const waiting = [start];
    const seen = new Set(waiting);
    const visit = (exchange: Exchange | undefined): void => {
      if (exchange === undefined || seen.has(exchange)) return;
      seen.add(exchange);
      waiting.push(exchange);
    };
    for (let exchange = waiting.shift(); exchange !== undefined; exchange = waiting.shift()) {
      if (exchange.name === "") {
        for (const key of keys) addIfPresent(queues, this.#queues.get(key));
        continue;
      }
      const bindings = exchange.match(message, keys);
      for (const { destination } of bindings) {
        if (destination instanceof Exchange) visit(destination);
        else queues.add(destination);
      }
      const { alternateExchange } = exchange;
      if (bindings.length === 0 && alternateExchange !== undefined)
        visit(this.#exchanges.get(alternateExchange));
    }
    return queues;
  }

  publish(exchange: Exchange, message: Message): { routed: boolean; accepted: boolean } {
    const queues = this.#route(exchange, message);
    let accepted = true;
    for (const queue of queues) accepted = queue.publish(message) && accepted;
    return { routed: queues.size > 0, accepted };
  }

  deadLetter(queue: Queue, message: Message, reason: DeathReason): void {
    const { deadLetterExchange } = queue.declaration.settings;
    if (deadLetterExchange === undefined) return;
    // Later, as in RabbitMQ, where another process does it: the queue is in the middle of a change now.
    queueMicrotask(() => {
      const exchange = this.#exchanges.get(deadLetterExchange);
      if (exchange === undefined) return;
      const letter = createDeadLetter(queue, message, reason);
      for (const target of this.#route(exchange, letter)) {
        if (reason === "rejected" || !isAutomaticCycle(letter, target.name)) target.publish(letter);
      }
    });
  }
}

function addIfPresent<T>(set: Set<T>, value: T | undefined): void {
  if (value !== undefined) set.add(value);
}
