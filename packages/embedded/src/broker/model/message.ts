import { readProperties, writeProperties, type Properties } from "../codec/properties.ts";
import { emptyTable, type Field, type Table } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";

interface Content {
  exchange: string;
  routingKey: string;
  rawProperties: Buffer;
  body: Buffer;
}

/** A message on its way; never changes. Queues share it, only {@link QueuedMessage} is per queue. */
export class Message {
  readonly exchange: string;
  readonly routingKey: string;
  /** Property flags and values as the publisher sent them, forwarded byte for byte. */
  readonly rawProperties: Buffer;
  readonly properties: Properties;
  readonly body: Buffer;
  /** Its dead-letterings, latest first. Kept beside the headers: a publisher's own `x-death` is no history. */
  readonly deaths: readonly Table[];
  readonly #blindKeys: readonly string[];

  constructor(content: Content, history: { deaths?: readonly Table[]; blindKeys?: readonly string[] } = {}) {
    this.exchange = content.exchange;
    this.routingKey = content.routingKey;
    this.rawProperties = content.rawProperties;
    this.properties = readProperties(content.rawProperties);
    this.body = content.body;
    this.deaths = history.deaths ?? [];
    this.#blindKeys = history.blindKeys ?? [];
  }

  get headers(): Table {
    return this.properties.headers ?? emptyTable;
  }

  /** The routing key and those of the headers CC and BCC, https://www.rabbitmq.com/docs/sender-selected */
  routingKeys(options: { withBcc: boolean }): string[] {
    const blind = options.withBcc ? this.#blindKeys : [];
    return [this.routingKey, ...readKeys(this.headers, "CC"), ...blind];
  }
}

/** A message as a client published it. The header BCC is taken out; a CC or BCC that is no list is refused. */
export function createPublishedMessage(content: Content): Message {
  const message = new Message(content);
  const blindKeys = readKeys(message.headers, "BCC");
  readKeys(message.headers, "CC");
  if (!message.headers.has("BCC")) return message;
  const headers = new Map(message.headers);
  headers.delete("BCC");
  const rawProperties = writeProperties({ ...message.properties, headers });
  return new Message({ ...content, rawProperties }, { blindKeys });
}

function readKeys(headers: Table, name: "CC" | "BCC"): string[] {
  const field = headers.get(name);
  if (field === undefined) return [];
  const unacceptable = (what: Field): AmqpError =>
    new AmqpError(406, `invalid message: {unacceptable_type_in_header,"${name}",${what.type}}`);
  if (field.type !== "array") throw unacceptable(field);
  return field.value.map((item) => {
    if (item.type !== "longstr") throw unacceptable(item);
    return item.value;
  });
}

/** A message in one queue. */
export interface QueuedMessage {
  readonly message: Message;
  /** Place in the queue: a requeued message goes back to it. */
  readonly place: number;
  /** Unix time in milliseconds, Infinity without a time to live. */
  readonly expiresAtMillis: number;
  redelivered: boolean;
}
