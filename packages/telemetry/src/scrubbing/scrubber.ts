import type { Attributes } from "@opentelemetry/api";
import { isIdValue } from "../business-context/index.ts";
import { BusinessIds } from "./business-ids.ts";
import { isCardNumber } from "./card-number.ts";
import { cutText } from "./cut.ts";
import { cleanKey, KeyPlans, QUERY_KEYS, STATEMENT_KEYS, URL_KEYS } from "./key-plans.ts";
import type { KeyPlan } from "./key-plans.ts";
import { isPlainText } from "./plain-text.ts";
import { FILTERED, isHeadersKey, isSafeHeader, isSecretKey, isStructuralKey } from "./secret-keys.ts";
import { scrubStatement, scrubText, scrubUrl } from "./text.ts";

export interface ScrubberOptions {
  /** Attributes of these names hold ids, which are left as they are. */
  readonly businessKeys: ReadonlySet<string>;
  readonly maxTextLength: number;
}

/** Removes secrets and personal data. Pure and bounded; it never throws. */
export interface Scrubber {
  text(text: string, ids?: Iterable<string>): string;
  attributes(attributes: Attributes, ids?: Iterable<string>): Attributes;
  /** Scrubs any value that stands under `key`; deeper than the limit becomes a place-holder. */
  value(key: string, value: unknown, ids?: Iterable<string>): unknown;
  /** The business ids among `attributes`, which may stay wherever they stand; looked for when they are needed. */
  idsOf(attributes: Readonly<Record<string, unknown>>): Iterable<string>;
}

const MAX_DEPTH = 12;
/** Nodes of one value; a larger one is cut, so that a huge nested value costs bounded time. */
const MAX_NODES = 20_000;
const MAX_STATEMENTS = 500;
const NO_IDS: Iterable<string> = [];

interface Walk {
  nodes: number;
  readonly ids: Iterable<string>;
}

export function createScrubber(options: ScrubberOptions): Scrubber {
  const { businessKeys, maxTextLength } = options;
  const plans = new KeyPlans(businessKeys);
  const cleanStatements = new Map<string, string>();
  const text = (value: string, ids = NO_IDS): string => scrubText(cutText(value, maxTextLength), ids);

  /** Whether a value may stay as it is, by tests that cost next to nothing; what it says no to may yet be harmless. */
  function isPlain(plan: KeyPlan, key: string, value: unknown): boolean {
    if (plan === "special") return false;
    if (plan === "id") return isIdValue(key, value);
    if (typeof value === "number") return value < LEAST_CARD;
    if (typeof value !== "string") return typeof value === "boolean";
    return value.length < maxTextLength && isPlainText(value) && (plan === "text" || !value.includes("?"));
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

  function scrubString(key: string, value: string, ids: Iterable<string>): string {
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
      const name = plans.of(key) === "unclean" ? cleanKey(key) : key;
      copy[name] = isHidden ? FILTERED : walk(key, member, depth + 1, state);
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

  /** A copy of the whole, in which what is not plain is replaced: cheaper than to write each attribute. */
  function scrubAttributes(attributes: Attributes, ids = NO_IDS): Attributes {
    const copy = Object.assign({}, attributes);
    for (const key in copy) {
      const plan = plans.of(key);
      if (plan === "unclean") return rewriteAttributes(attributes, ids);
      const value = copy[key];
      if (!isPlain(plan, key, value) && Object.hasOwn(copy, key)) copy[key] = scrubValue(key, value, ids);
    }
    return copy;
  }

  function rewriteAttributes(attributes: Attributes, ids: Iterable<string>): Attributes {
    const copy: Attributes = {};
    for (const [key, value] of Object.entries(attributes)) copy[cleanKey(key)] = scrubValue(key, value, ids);
    return copy;
  }

  return {
    text,
    value: scrubValue,
    attributes: scrubAttributes,
    idsOf: (attributes) => new BusinessIds(businessKeys, attributes),
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

const LEAST_CARD = 1e13;

function isCard(value: number): boolean {
  return value >= LEAST_CARD && Number.isSafeInteger(value) && isCardNumber(String(value));
}
