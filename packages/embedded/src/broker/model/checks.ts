import type { Field, Table } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";
import type { Exchange, ExchangeRequest } from "./exchange.ts";
import { describeField, isSameField, readText } from "./field.ts";
import { comparedQueueArguments } from "./queue-settings.ts";
import type { Queue, QueueRequest } from "./queue.ts";

export function describeMatch(field: Field | undefined): string {
  const value = readText(field);
  if (value === undefined)
    return `Invalid x-match field type ${field?.type ?? "undefined"} (expected longstr)`;
  return `Invalid x-match field value <<"${value}">>; expected all, any, all-with-x, or any-with-x`;
}

export function refuseDefaultExchange(name: string): void {
  if (name === "") throw new AmqpError(403, "operation not permitted on the default exchange");
}

export function refuseReserved(kind: "queue" | "exchange", name: string): void {
  if (name.startsWith("amq."))
    throw new AmqpError(403, `${kind} name '${name}' contains reserved prefix 'amq.*'`);
}

export function locked(name: string): AmqpError {
  return new AmqpError(
    405,
    `cannot obtain exclusive access to locked queue '${name}' in vhost '/'. It could be originally declared on ` +
      "another connection or the exclusive property value does not match that of the original declaration.",
  );
}

function inequivalent(what: string, key: string, received: string, current: string): AmqpError {
  return new AmqpError(
    406,
    `inequivalent arg '${key}' for ${what}: received ${received} but current is ${current}`,
  );
}

export function checkSameExchange(existing: Exchange, request: ExchangeRequest): void {
  const what = `exchange '${existing.name}' in vhost '/'`;
  const current = existing.declaration;
  const pairs = [
    ["type", request.type, current.type],
    ["durable", request.durable, current.durable],
    ["auto_delete", request.autoDelete, current.autoDelete],
    ["internal", request.internal, current.internal],
  ] as const;
  for (const [key, asked, is] of pairs)
    if (asked !== is) throw inequivalent(what, key, `'${asked}'`, `'${is}'`);
  checkSameArguments(what, ["alternate-exchange"], request.arguments, current.arguments);
}

export function checkSameQueue(existing: Queue, request: QueueRequest, owner: object | undefined): void {
  const what = `queue '${existing.name}' in vhost '/'`;
  const current = existing.declaration;
  if (current.owner !== owner) throw locked(existing.name);
  const pairs = [
    ["durable", request.durable, current.durable],
    ["auto_delete", request.autoDelete, current.autoDelete],
  ] as const;
  for (const [key, asked, is] of pairs)
    if (asked !== is) throw inequivalent(what, key, `'${asked}'`, `'${is}'`);
  checkSameArguments(what, comparedQueueArguments, request.arguments, current.arguments);
}

function checkSameArguments(what: string, keys: readonly string[], received: Table, current: Table): void {
  for (const key of keys) {
    const [asked, is] = [received.get(key), current.get(key)];
    if (isSameField(asked, is)) continue;
    const isTyped = asked === undefined || is === undefined;
    throw inequivalent(what, key, describeField(asked, isTyped), describeField(is, isTyped));
  }
}
