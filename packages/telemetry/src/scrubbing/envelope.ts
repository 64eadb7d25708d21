import { isAddressOfClient } from "./client-address.ts";
import { FILTERED } from "./secret-keys.ts";
import type { Scrubber } from "./scrubber.ts";

type Fields = Readonly<Record<string, unknown>>;
type Item = readonly [header: Fields, payload: unknown];

/** Counts of the telemetry itself. */
const NUMBERS_ONLY = new Set(["client_report"]);

/**
 * The second door: scrubs a Sentry envelope on its way to the transport, after hooks and scopes have added users,
 * request headers and full URLs. A payload that cannot be read is replaced, never sent as it is.
 */
export function createEnvelopeScrubber(scrubber: Scrubber): <Envelope>(envelope: Envelope) => Envelope {
  return <Envelope>(envelope: Envelope): Envelope => {
    if (!Array.isArray(envelope) || !Array.isArray(envelope[1])) return envelope;
    const header = envelope[0] as Fields;
    // The name of a segment is in the header, too.
    const trace = isFields(header["trace"]) && { trace: scrubber.value("trace", header["trace"]) };
    const items = (envelope[1] as Item[]).map((item) => scrubItem(item, scrubber));
    return [{ ...header, ...trace }, items] as Envelope;
  };
}

function scrubItem([header, payload]: Item, scrubber: Scrubber): Item {
  const type = String(header["type"]);
  if (NUMBERS_ONLY.has(type)) return [header, payload];
  if (type === "attachment") return scrubAttachment([header, payload], scrubber);
  if (typeof payload !== "string" && !(payload instanceof Uint8Array)) {
    return [header, scrubPayload(type, payload, scrubber)];
  }
  const scrubbed = scrubSerialised(type, payload, scrubber);
  return [withLength(header, scrubbed), scrubbed];
}

function scrubSerialised(
  type: string,
  payload: string | Uint8Array,
  scrubber: Scrubber,
): string | Uint8Array {
  try {
    const text = typeof payload === "string" ? payload : new TextDecoder().decode(payload);
    const scrubbed = JSON.stringify(scrubPayload(type, JSON.parse(text), scrubber));
    return typeof payload === "string" ? scrubbed : new TextEncoder().encode(scrubbed);
  } catch {
    return JSON.stringify({ message: FILTERED });
  }
}

/** Text is searched as any other; of bytes that are no text nobody knows what they hold. */
function scrubAttachment([header, payload]: Item, scrubber: Scrubber): Item {
  const scrubbed = scrubber.text(readText(payload) ?? FILTERED);
  const { filename } = header;
  const named = typeof filename === "string" ? { ...header, filename: scrubber.text(filename) } : header;
  return [withLength(named, scrubbed), scrubbed];
}

function readText(payload: unknown): string | undefined {
  if (typeof payload === "string") return payload;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload as Uint8Array);
  } catch {
    return undefined;
  }
}

/** The length in the header tells where the next item begins. */
function withLength(header: Fields, payload: string | Uint8Array): Fields {
  return "length" in header ? { ...header, length: countBytes(payload) } : header;
}

function countBytes(payload: string | Uint8Array): number {
  return typeof payload === "string" ? new TextEncoder().encode(payload).length : payload.length;
}

function scrubPayload(type: string, payload: unknown, scrubber: Scrubber): unknown {
  if (!isFields(payload)) return scrubber.value("", payload);
  const { items } = payload;
  // A container of spans or logs: each is bounded by itself.
  if (Array.isArray(items)) {
    return { ...payload, items: items.map((item: unknown) => scrubContained(type, item, scrubber)) };
  }
  return type === "event" ? scrubEvent(payload, scrubber) : scrubber.value("", payload);
}

function scrubContained(type: string, item: unknown, scrubber: Scrubber): unknown {
  if (!isFields(item) || !isFields(item["attributes"])) return scrubber.value("", item);
  const attributes = type === "span" ? withoutClient(item["attributes"]) : item["attributes"];
  return scrubber.value("", { ...item, attributes }, scrubber.idsOf(readValues(attributes)));
}

function withoutClient(attributes: Fields): Fields {
  const isServer = readValue(attributes["sentry.kind"]) === "server";
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !isAddressOfClient(key, isServer)));
}

function scrubEvent(event: Fields, scrubber: Scrubber): unknown {
  const { modules, tags, user, ...rest } = event;
  const ids = scrubber.idsOf(isFields(tags) ? tags : {});
  const scrubbed = scrubber.value("", { ...rest, tags, user: withoutAddress(user) }, ids);
  if (!isFields(scrubbed)) return { message: FILTERED };
  const { request } = scrubbed;
  return {
    ...scrubbed,
    ...(isFields(request) && { request: withoutBody(request) }),
    // Names and versions of packages: one called `cookie` holds no cookie.
    ...(modules !== undefined && { modules }),
  };
}

function withoutAddress(user: unknown): unknown {
  if (!isFields(user)) return user;
  const { ip_address: _address, ...rest } = user;
  return rest;
}

/** https://develop.sentry.dev/sdk/data-model/event-payloads/request/ */
function withoutBody(request: Fields): Fields {
  const { cookies: _cookies, data: _data, query_string: _query, ...rest } = request;
  return rest;
}

function readValues(attributes: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, readValue(value)]));
}

function readValue(attribute: unknown): unknown {
  return isFields(attribute) ? attribute["value"] : attribute;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
