import { readProperties, type Properties } from "../codec/properties.ts";
import { emptyTable, type Field, type Table } from "../codec/table.ts";

/** A published message; never changes. Queues share it, only {@link QueuedMessage} is per queue. */
export class Message {
  readonly exchange: string;
  readonly routingKey: string;
  /** Property flags and values as the publisher sent them, forwarded byte for byte. */
  readonly rawProperties: Buffer;
  readonly properties: Properties;
  readonly body: Buffer;

  constructor(content: { exchange: string; routingKey: string; rawProperties: Buffer; body: Buffer }) {
    this.exchange = content.exchange;
    this.routingKey = content.routingKey;
    this.rawProperties = content.rawProperties;
    this.properties = readProperties(content.rawProperties);
    this.body = content.body;
  }

  get headers(): Table {
    return this.properties.headers ?? emptyTable;
  }

  /** The routing key and those of the headers CC and BCC (sender-selected distribution). */
  routingKeys(options: { withBcc: boolean }): string[] {
    const more = [
      ...readKeys(this.headers.get("CC")),
      ...(options.withBcc ? readKeys(this.headers.get("BCC")) : []),
    ];
    return more.length === 0 ? [this.routingKey] : [this.routingKey, ...more];
  }
}

function readKeys(field: Field | undefined): string[] {
  if (field?.type !== "array") return [];
  return field.value.flatMap((item) => (item.type === "longstr" ? [item.value] : []));
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
