import { isScalar, toWellFormed } from "../attributes.ts";
import { copyText } from "../remember-texts.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** What is remembered of one key: how it begins, and what was written of short texts, which mostly come again. */
interface KnownKey {
  readonly beginning: string;
  readonly texts: Map<string, string>;
}

/** Keys and values that are data are not worth remembering: the first ones stay, and all is bounded. */
const MAX_KEYS = 500;
const MAX_TEXTS_OF_KEY = 100;
const MAX_TEXT_LENGTH = 64;
const knownKeys = new Map<string, KnownKey>();

/**
 * Attributes as text of Sentry's JSON, `"key":{"value":1,"type":"integer"}`. Written without objects in between: of all
 * that is done with a span this is done most often.
 */
export class AttributeText {
  text = "";

  /** What the protocol has no type for (objects, null, NaN) is left out. */
  add(key: string, value: unknown): void {
    this.append(writeAttribute(key, value));
  }

  /** Adds what is written already. */
  append(written: string): void {
    if (written === "") return;
    this.text = this.text === "" ? written : `${this.text},${written}`;
  }
}

/** Attributes that many spans share, written once. */
export class AttributeGroup {
  readonly #attributes: ReadonlyMap<string, unknown>;
  readonly #text: string;

  constructor(attributes: Attributes) {
    this.#attributes = new Map(Object.entries(attributes).filter(([key]) => isKnown(attributes, key)));
    this.#text = this.#write(() => true);
  }

  has(key: string): boolean {
    return this.#attributes.has(key);
  }

  /** All but those that `attributes` has itself; `keys` are its keys. */
  writeBelow(attributes: Attributes, keys: readonly string[]): string {
    for (const key of keys) {
      if (this.#attributes.has(key)) return this.#write((name) => !isKnown(attributes, name));
    }
    return this.#text;
  }

  #write(isWanted: (key: string) => boolean): string {
    const written = new AttributeText();
    for (const [key, value] of this.#attributes) if (isWanted(key)) written.add(key, value);
    return written.text;
  }
}

export function isKnown(attributes: Attributes, key: string): boolean {
  return attributes[key] !== undefined && attributes[key] !== null;
}

/** Half a surrogate pair, as cutting a text leaves it, is no valid UTF-8 and would have the whole item refused. */
export function writeText(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
}

/** One attribute, or "" for what the protocol has no type for. */
export function writeAttribute(key: string, value: unknown): string {
  const known = readKey(key);
  if (typeof value === "string") return known.texts.get(value) ?? writeNewText(known, value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "";
    return `${known.beginning}${value},"type":"${Number.isInteger(value) ? "integer" : "double"}"}`;
  }
  if (typeof value === "boolean") return `${known.beginning}${value},"type":"boolean"}`;
  return Array.isArray(value) ? `${known.beginning}${writeArray(value)},"type":"array"}` : "";
}

function readKey(key: string): KnownKey {
  const known = knownKeys.get(key);
  if (known) return known;
  const created = { beginning: `${writeText(key)}:{"value":`, texts: new Map<string, string>() };
  if (knownKeys.size < MAX_KEYS && key.length <= MAX_TEXT_LENGTH) knownKeys.set(key, created);
  return created;
}

function writeNewText({ beginning, texts }: KnownKey, value: string): string {
  const written = `${beginning}${writeText(value)},"type":"string"}`;
  if (texts.size < MAX_TEXTS_OF_KEY && value.length <= MAX_TEXT_LENGTH) texts.set(copyText(value), written);
  return written;
}

function writeArray(values: readonly unknown[]): string {
  return JSON.stringify(values.filter(isScalar).map(toWellFormed));
}
