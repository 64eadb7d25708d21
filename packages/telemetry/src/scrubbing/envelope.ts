import { FILTERED, isSafeHeader } from "./secret-keys.ts";
import type { Scrubber } from "./scrubber.ts";

type Item = readonly [header: Record<string, unknown>, payload: unknown];

/** Item types that hold what an application said; the others (sessions, client reports) hold counts only. */
const SCRUBBED = new Set(["event", "transaction", "span", "log", "attachment", "feedback", "user_report"]);

/**
 * The second door: scrubs a Sentry envelope on its way to the transport, after hooks and scopes have added users,
 * request headers and full URLs. A payload that cannot be read is replaced, never sent as it is.
 */
export function createEnvelopeScrubber(scrubber: Scrubber): <Envelope>(envelope: Envelope) => Envelope {
  return <Envelope>(envelope: Envelope): Envelope => {
    if (!Array.isArray(envelope) || !Array.isArray(envelope[1])) return envelope;
    const items = (envelope[1] as Item[]).map((item) => scrubItem(item, scrubber));
    return [envelope[0], items] as Envelope;
  };
}

function scrubItem(item: Item, scrubber: Scrubber): Item {
  const [header, payload] = item;
  if (!SCRUBBED.has(String(header["type"]))) return item;
  if (typeof payload === "string" || payload instanceof Uint8Array) {
    return [header, scrubSerialised(payload, header, scrubber)];
  }
  return [header, scrubPayload(payload, scrubber)];
}

function scrubSerialised(payload: string | Uint8Array, header: Record<string, unknown>, scrubber: Scrubber) {
  const text = typeof payload === "string" ? payload : new TextDecoder().decode(payload);
  if (header["type"] === "attachment") return scrubber.text(text);
  try {
    const scrubbed = JSON.stringify(scrubPayload(JSON.parse(text), scrubber));
    return typeof payload === "string" ? scrubbed : new TextEncoder().encode(scrubbed);
  } catch {
    return JSON.stringify({ message: FILTERED });
  }
}

function scrubPayload(payload: unknown, scrubber: Scrubber): unknown {
  if (!isRecord(payload)) return scrubber.value("", payload);
  const { items } = payload;
  // A container of spans or logs: each is bounded by itself.
  if (Array.isArray(items)) {
    return { ...payload, items: items.map((item) => scrubber.value("", item)) };
  }
  const scrubbed = scrubber.value("", payload);
  if (isRecord(scrubbed) && isRecord(scrubbed["request"]))
    scrubbed["request"] = scrubRequest(scrubbed["request"]);
  return scrubbed;
}

/** https://develop.sentry.dev/sdk/data-model/event-payloads/request/ */
function scrubRequest(request: Record<string, unknown>): Record<string, unknown> {
  const { headers, cookies: _cookies, data: _data, query_string: _query, ...rest } = request;
  if (!isRecord(headers)) return rest;
  const safe = Object.entries(headers).map(([name, value]) => [name, isSafeHeader(name) ? value : FILTERED]);
  return { ...rest, headers: Object.fromEntries(safe) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
