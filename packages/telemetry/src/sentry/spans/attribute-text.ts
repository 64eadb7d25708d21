import { isScalar, toWellFormed } from "../attributes.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** Keys are few and come again; those that are data are not worth remembering. */
const MAX_REMEMBERED_KEYS = 2_000;
const beginnings = new Map<string, string>();

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
  readonly #attributes: Attributes;
  readonly #keys: readonly string[];
  readonly #text: string;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
    this.#keys = Object.keys(attributes).filter((key) => isKnown(attributes, key));
    this.#text = this.#write(() => true);
  }

  has(key: string): boolean {
    return isKnown(this.#attributes, key);
  }

  /** All but those that `attributes` has itself. */
  writeBelow(attributes: Attributes): string {
    for (const key of this.#keys) {
      if (isKnown(attributes, key)) return this.#write((name) => !isKnown(attributes, name));
    }
    return this.#text;
  }

  #write(isWanted: (key: string) => boolean): string {
    const written = new AttributeText();
    for (const key of this.#keys) if (isWanted(key)) written.add(key, this.#attributes[key]);
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
  if (typeof value === "string") return `${writeBeginning(key)}${writeText(value)},"type":"string"}`;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "";
    return `${writeBeginning(key)}${value},"type":"${Number.isInteger(value) ? "integer" : "double"}"}`;
  }
  if (typeof value === "boolean") return `${writeBeginning(key)}${value},"type":"boolean"}`;
  return Array.isArray(value) ? `${writeBeginning(key)}${writeArray(value)},"type":"array"}` : "";
}

function writeBeginning(key: string): string {
  const known = beginnings.get(key);
  if (known !== undefined) return known;
  const beginning = `${writeText(key)}:{"value":`;
  if (beginnings.size < MAX_REMEMBERED_KEYS && key.length <= 128) beginnings.set(key, beginning);
  return beginning;
}

function writeArray(values: readonly unknown[]): string {
  return JSON.stringify(values.filter(isScalar).map(toWellFormed));
}
