import type { Table } from "../codec/table.ts";
import { isSameTable, readText } from "./field.ts";
import { isHeadersMatch } from "./headers-match.ts";
import type { Message } from "./message.ts";
import type { Queue } from "./queue.ts";
import { isTopicMatch } from "./topic-pattern.ts";

export type ExchangeType = "direct" | "fanout" | "topic" | "headers";

const exchangeTypes = new Set<string>(["direct", "fanout", "topic", "headers"]);

export function isExchangeType(type: string): type is ExchangeType {
  return exchangeTypes.has(type);
}

/** exchange.declare as it came in; the type may be anything. */
export interface ExchangeRequest {
  exchange: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: Table;
}

export interface ExchangeDeclaration {
  name: string;
  type: ExchangeType;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: Table;
}

export interface Binding {
  destination: Queue | Exchange;
  routingKey: string;
  arguments: Table;
}

export class Exchange {
  readonly declaration: ExchangeDeclaration;
  #bindings: Binding[] = [];

  constructor(declaration: ExchangeDeclaration) {
    this.declaration = declaration;
  }

  get name(): string {
    return this.declaration.name;
  }
  get alternateExchange(): string | undefined {
    return readText(this.declaration.arguments.get("alternate-exchange"));
  }
  get isBound(): boolean {
    return this.#bindings.length > 0;
  }

  bind(binding: Binding): void {
    if (!this.#bindings.some((existing) => isSameBinding(existing, binding))) this.#bindings.push(binding);
  }

  /** Removes the bindings the test picks; says whether the exchange lost its last one. */
  unbind(isRemoved: (binding: Binding) => boolean): boolean {
    const before = this.#bindings.length;
    this.#bindings = this.#bindings.filter((binding) => !isRemoved(binding));
    return before > 0 && this.#bindings.length === 0;
  }

  match(message: Message, routingKeys: readonly string[]): Binding[] {
    const { type } = this.declaration;
    if (type === "fanout") return this.#bindings;
    if (type === "headers") {
      return this.#bindings.filter((binding) => isHeadersMatch(binding.arguments, message.headers));
    }
    if (type === "direct") return this.#bindings.filter(({ routingKey }) => routingKeys.includes(routingKey));
    return this.#bindings.filter((binding) =>
      routingKeys.some((key) => isTopicMatch(binding.routingKey, key)),
    );
  }
}

export function isSameBinding(one: Binding, other: Binding): boolean {
  return (
    one.destination === other.destination &&
    one.routingKey === other.routingKey &&
    isSameTable(one.arguments, other.arguments)
  );
}
