import { baggageEntryMetadataFromString, propagation } from "@opentelemetry/api";
import type { Baggage, BaggageEntry } from "@opentelemetry/api";
import { trimOptionalSpace } from "../trace-state/index.ts";
import type { Dsc } from "../trace-state/index.ts";

/** What W3C asks everybody to carry, and all we send. https://www.w3.org/TR/baggage/#limits */
const MAX_BYTES = 8_192;
const MAX_MEMBERS = 64;
/** What we are willing to read. */
const MAX_READ_LENGTH = 32_768;
const MAX_READ_MEMBERS = 180;
const SENTRY_PREFIX = "sentry-";
/** Metadata is sent as it came, so it must not be able to end the header or the member. */
const SAFE_METADATA = /^[\x21-\x2b\x2d-\x7e\t ]*$/;
/** What is sent as it is; to see that takes less time than to encode it. */
const PLAIN = /^[\w.~-]*$/;

/** Of strangers' keys and values there may be any number, of any length. */
const MAX_LAST_MEMBERS = 32;
const MAX_LAST_KEY_LENGTH = 64;
const MAX_LAST_VALUE_LENGTH = 256;
/** The last member of each key that was sent. */
const lastMembers = new Map<string, { readonly value: string; readonly member: string | undefined }>();

export interface ReadBaggage {
  /** Sentry's members without their prefix; empty when there are none. */
  readonly sentry: Dsc;
  readonly others: Readonly<Record<string, BaggageEntry>>;
}

const NO_BAGGAGE: ReadBaggage = {
  sentry: Object.freeze(createRecord<string>()),
  others: Object.freeze(createRecord<BaggageEntry>()),
};

/** Merges the members of all `baggage` headers; bad members are skipped, of a repeated key the first counts. */
export function readBaggageHeader(values: readonly string[]): ReadBaggage {
  if (values.length === 0) return NO_BAGGAGE;
  const sentry = createRecord<string>();
  const others = createRecord<BaggageEntry>();
  const members = values.join(",").slice(0, MAX_READ_LENGTH).split(",", MAX_READ_MEMBERS);
  for (const member of members) {
    const parsed = readMember(member);
    if (!parsed) continue;
    const { key, entry } = parsed;
    if (!key.startsWith(SENTRY_PREFIX)) others[key] ??= entry;
    else if (entry.value !== "") sentry[key.slice(SENTRY_PREFIX.length)] ??= entry.value;
  }
  return { sentry, others };
}

/**
 * Builds a `baggage` header of at most 8,192 bytes and 64 members. Sentry's members come first: without them the
 * trace breaks apart, without the rest it only knows less. Returns "" when there is nothing to send.
 */
export function writeBaggageHeader(sentry: Dsc | undefined, others: Baggage | undefined): string {
  const header = new BaggageHeader();
  for (const key in sentry) {
    const value = sentry[key];
    if (value !== undefined && value !== "") header.add(writeSentryMember(key, value));
  }
  for (const [key, entry] of others?.getAllEntries() ?? []) header.add(writeMember(key, entry));
  return header.toString();
}

/** Baggage without Sentry's members, of which only our own may be sent. */
export function withoutSentryMembers(baggage: Baggage | undefined): Baggage | undefined {
  if (!baggage) return undefined;
  const own = baggage.getAllEntries().filter(([key]) => !key.startsWith(SENTRY_PREFIX));
  return own.length > 0 ? propagation.createBaggage(Object.fromEntries(own)) : undefined;
}

class BaggageHeader {
  #text = "";
  #members = 0;

  add(member: string | undefined): void {
    if (member === undefined || this.#members >= MAX_MEMBERS) return;
    const length = this.#text.length + (this.#text === "" ? 0 : 1) + member.length;
    if (length > MAX_BYTES) return;
    this.#text = this.#text === "" ? member : `${this.#text},${member}`;
    this.#members += 1;
  }

  toString(): string {
    return this.#text;
  }
}

function readMember(member: string): { key: string; entry: BaggageEntry } | undefined {
  const end = member.indexOf(";");
  const pair = end === -1 ? member : member.slice(0, end);
  const separator = pair.indexOf("=");
  if (separator < 1) return undefined;
  try {
    const key = decode(pair.slice(0, separator));
    const value = decode(pair.slice(separator + 1));
    if (key === "") return undefined;
    const metadata = end === -1 ? "" : trimOptionalSpace(member.slice(end + 1));
    return { key, entry: { value, ...(metadata && { metadata: baggageEntryMetadataFromString(metadata) }) } };
  } catch {
    return undefined; // a broken percent-encoding
  }
}

function decode(text: string): string {
  return PLAIN.test(text) ? text : decodeURIComponent(trimOptionalSpace(text));
}

/** All characters are ASCII afterwards, so that its length is its size in bytes. */
function writeMember(key: string, entry: BaggageEntry): string | undefined {
  try {
    const metadata = entry.metadata?.toString() ?? "";
    const suffix = metadata !== "" && SAFE_METADATA.test(metadata) ? `;${metadata}` : "";
    return `${encodeKey(key)}=${encodeValue(entry.value)}${suffix}`;
  } catch {
    return undefined; // a lone surrogate cannot be encoded
  }
}

/** Most members are those of the call before. */
function writeSentryMember(key: string, value: string): string | undefined {
  const known = lastMembers.get(key);
  if (known?.value === value) return known.member;
  const member = writeMember(`${SENTRY_PREFIX}${key}`, { value });
  if (key.length > MAX_LAST_KEY_LENGTH || value.length > MAX_LAST_VALUE_LENGTH) return member;
  if (!known && lastMembers.size >= MAX_LAST_MEMBERS) lastMembers.clear();
  lastMembers.set(key, { value, member });
  return member;
}

/** encodeURIComponent leaves parentheses alone, which a header token must not contain. */
function encodeKey(key: string): string {
  if (PLAIN.test(key)) return key;
  return encodeURIComponent(key).replace(/[()]/g, (char) => (char === "(" ? "%28" : "%29"));
}

function encodeValue(value: string): string {
  return PLAIN.test(value) ? value : encodeURIComponent(value);
}

/** Without a prototype, so that a member named `__proto__` is a member like any other. */
function createRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
