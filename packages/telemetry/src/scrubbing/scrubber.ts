import type { Attributes } from "@opentelemetry/api";
import { isIdValue } from "../business-context/index.ts";
import { isCardNumber } from "./card-number.ts";
import { cutText } from "./cut.ts";
import { FILTERED, isHeadersKey, isSafeHeader, isSecretKey, isStructuralKey } from "./secret-keys.ts";
import { scrubStatement, scrubText, scrubUrl } from "./text.ts";

export interface ScrubberOptions {
  /** Attributes of these names hold ids, which are left as they are. */
  readonly businessKeys: ReadonlySet<string>;
  readonly maxTextLength: number;
}

/** Removes secrets and personal data. Pure and bounded; it never throws. */
export interface Scrubber {
  text(text: string, ids?: ReadonlySet<string>): string;
  attributes(attributes: Attributes, ids?: ReadonlySet<string>): Attributes;
  /** Scrubs any value that stands under `key`; deeper than the limit becomes a place-holder. */
  value(key: string, value: unknown, ids?: ReadonlySet<string>): unknown;
  /** The business ids among `attributes`, which may stay wherever they stand. */
  idsOf(attributes: Readonly<Record<string, unknown>>): ReadonlySet<string>;
}

const MAX_DEPTH = 12;
/** Nodes of one value; a larger one is cut, so that a huge nested value costs bounded time. */
const MAX_NODES = 20_000;
const MAX_KEY_LENGTH = 256;
const MAX_STATEMENTS = 500;
const NO_IDS: ReadonlySet<string> = new Set();

/** What stands under these is a statement or a URL, which tells where its values are. */
const STATEMENT_KEYS = new Set(["db.query.text", "db.statement"]);
const URL_KEYS = new Set(["url.full", "http.url", "http.target", "url"]);
const QUERY_KEYS = new Set(["url.query", "http.query", "query_string"]);

interface Walk {
  nodes: number;
  readonly ids: ReadonlySet<string>;
}

export function createScrubber(options: ScrubberOptions): Scrubber {
  const { businessKeys, maxTextLength } = options;
  const cleanKeys = new Map<string, string>();
  const cleanStatements = new Map<string, string>();
  const text = (value: string, ids = NO_IDS): string => scrubText(cutText(value, maxTextLength), ids);

  /** Keys are few and come again; those that are data are not worth remembering. */
  function cleanKey(key: string): string {
    const known = cleanKeys.get(key);
    if (known !== undefined) return known;
    const clean = scrubText(key.slice(0, MAX_KEY_LENGTH), NO_IDS);
    if (cleanKeys.size < 2000 && clean === key) cleanKeys.set(key, clean);
    return clean;
  }

  /** A service has few statements, as their values are left out. */
  function cleanStatement(statement: string): string {
    const known = cleanStatements.get(statement);
    if (known !== undefined) return known;
    const clean = scrubText(scrubStatement(statement), NO_IDS);
    if (cleanStatements.size >= MAX_STATEMENTS) cleanStatements.clear();
    cleanStatements.set(statement, clean);
    return clean;
  }

  function walk(key: string, value: unknown, depth: number, state: Walk): unknown {
    state.nodes += 1;
    if (state.nodes > MAX_NODES || depth > MAX_DEPTH) return FILTERED;
    if (value === null || value === undefined || typeof value === "boolean") return value;
    if (typeof value === "string" && isExempt(key, value)) return value;
    if (isSecretKey(key) && !isTypedAttribute(value)) return FILTERED;
    if (typeof value === "string") return scrubString(key, value, state.ids);
    if (typeof value === "number") return isCard(value) ? FILTERED : value;
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => walk(key, item, depth + 1, state));
    if (ArrayBuffer.isView(value)) return FILTERED;
    return isTypedAttribute(value)
      ? walkTyped(key, value, depth, state)
      : walkObject(key, value, depth, state);
  }

  function isExempt(key: string, value: string): boolean {
    return (businessKeys.has(key) && isIdValue(key, value)) || (isStructuralKey(key) && value.length <= 256);
  }

  function scrubString(key: string, value: string, ids: ReadonlySet<string>): string {
    const cut = cutText(value, maxTextLength);
    if (STATEMENT_KEYS.has(key)) return cleanStatement(cut);
    if (URL_KEYS.has(key)) return scrubText(scrubUrl(cut), ids);
    // A bare query has no question mark that tells where it begins.
    if (QUERY_KEYS.has(key) && !cut.startsWith("?")) return scrubText(scrubUrl(`?${cut}`), ids).slice(1);
    return scrubText(QUERY_KEYS.has(key) ? scrubUrl(cut) : cut, ids);
  }

  /** Sentry writes an attribute as { value, type }: the name that tells whether it is secret is one level up. */
  function walkTyped(key: string, attribute: TypedAttribute, depth: number, state: Walk): TypedAttribute {
    const value = walk(key, attribute.value, depth + 1, state);
    return typeof value === typeof attribute.value
      ? { ...attribute, value }
      : { ...attribute, value, type: "string" };
  }

  function walkObject(parentKey: string, value: object, depth: number, state: Walk): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    const areHeaders = isHeadersKey(parentKey);
    for (const [key, member] of Object.entries(value)) {
      const isHidden = areHeaders && !isSafeHeader(key) && member !== undefined;
      copy[cleanKey(key)] = isHidden ? FILTERED : walk(key, member, depth + 1, state);
    }
    return copy;
  }

  function scrubValue(key: string, value: unknown, ids = NO_IDS): unknown {
    try {
      return walk(key, value, 0, { nodes: 0, ids });
    } catch {
      // A throwing getter of the application: what cannot be read cannot be sent.
      return FILTERED;
    }
  }

  return {
    text,
    value: scrubValue,
    attributes(attributes, ids = NO_IDS) {
      const copy: Attributes = {};
      for (const [key, value] of Object.entries(attributes))
        copy[cleanKey(key)] = scrubValue(key, value, ids);
      return copy;
    },
    idsOf(attributes) {
      const ids = new Set<string>();
      for (const key of businessKeys) {
        const value = attributes[key];
        if (isIdValue(key, value)) ids.add(value);
      }
      return ids;
    },
  };
}

interface TypedAttribute {
  readonly value: unknown;
  readonly type: string;
}

const TYPES = new Set(["string", "boolean", "integer", "double", "array"]);

function isTypedAttribute(value: unknown): value is TypedAttribute {
  if (typeof value !== "object" || value === null || !("value" in value && "type" in value)) return false;
  return TYPES.has(value.type as string) && Object.keys(value).length === 2;
}

function isCard(value: number): boolean {
  return value >= 1e13 && Number.isSafeInteger(value) && isCardNumber(String(value));
}
