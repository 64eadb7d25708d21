import type { Attributes } from "@opentelemetry/api";
import { isIdValue } from "../business-context/index.ts";
import { BusinessIds } from "./business-ids.ts";
import { isCardNumber } from "./card-number.ts";
import { cutText } from "./cut.ts";
import { KeyPlans } from "./key-plans.ts";
import type { KeyPlan } from "./key-plans.ts";
import { isPlainText } from "./plain-text.ts";
import { FILTERED, isSafeHeader } from "./secret-keys.ts";
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
  function isPlain(plan: KeyPlan, value: unknown): boolean {
    if (!plan.isOrdinary) return plan.isBusiness && isIdValue(plan.name, value);
    if (typeof value === "number") return value < LEAST_CARD;
    if (typeof value !== "string") return typeof value === "boolean";
    if (value.length >= maxTextLength) return false;
    if (plan.form === "text") return isPlainText(value);
    return plan.form === "url" && !value.includes("?") && isPlainText(value);
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

  function walk(plan: KeyPlan, value: unknown, depth: number, state: Walk): unknown {
    state.nodes += 1;
    if (state.nodes > MAX_NODES || depth > MAX_DEPTH) return FILTERED;
    if (value === null || value === undefined || typeof value === "boolean") return value;
    if (typeof value === "string" && isExempt(plan, value)) return value;
    if (plan.isSecret && !isTypedAttribute(value)) return FILTERED;
    if (typeof value === "string") return scrubString(plan, value, state.ids);
    if (typeof value === "number") return isCard(value) ? FILTERED : value;
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => walk(plan, item, depth + 1, state));
    if (ArrayBuffer.isView(value)) return FILTERED;
    return isTypedAttribute(value)
      ? walkTyped(plan, value, depth, state)
      : walkObject(plan, value, depth, state);
  }

  function scrubString({ form }: KeyPlan, value: string, ids: Iterable<string>): string {
    const cut = cutText(value, maxTextLength);
    if (form === "text") return scrubText(cut, ids);
    if (form === "statement") return cleanStatement(cut);
    // A bare query has no question mark that tells where it begins.
    const isBare = form === "query" && !cut.startsWith("?");
    return isBare ? scrubText(scrubUrl(`?${cut}`), ids).slice(1) : scrubText(scrubUrl(cut), ids);
  }

  /** Sentry writes an attribute as { value, type }: the name that tells whether it is secret is one level up. */
  function walkTyped(plan: KeyPlan, attribute: TypedAttribute, depth: number, state: Walk): TypedAttribute {
    const value = walk(plan, attribute.value, depth + 1, state);
    return typeof value === typeof attribute.value
      ? { ...attribute, value }
      : { ...attribute, value, type: "string" };
  }

  function walkObject(parent: KeyPlan, value: object, depth: number, state: Walk): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      const isHidden = parent.holdsHeaders && !isSafeHeader(key) && member !== undefined;
      const plan = plans.of(key);
      copy[plan.name] = isHidden ? FILTERED : walk(plan, member, depth + 1, state);
    }
    return copy;
  }

  function scrubValue(plan: KeyPlan, value: unknown, ids: Iterable<string>): unknown {
    try {
      return walk(plan, value, 0, { nodes: 0, ids });
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
      if (plan.name !== key) return rewriteAttributes(attributes, ids);
      const value = copy[key];
      if (!isPlain(plan, value) && Object.hasOwn(copy, key)) copy[key] = scrubValue(plan, value, ids);
    }
    return copy;
  }

  /** As it is done where a key itself is to be replaced. */
  function rewriteAttributes(attributes: Attributes, ids: Iterable<string>): Attributes {
    const copy: Attributes = {};
    for (const [key, value] of Object.entries(attributes)) {
      const plan = plans.of(key);
      copy[plan.name] = scrubValue(plan, value, ids);
    }
    return copy;
  }

  return {
    text,
    value: (key, value, ids = NO_IDS) => scrubValue(plans.of(key), value, ids),
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

function isExempt(plan: KeyPlan, value: string): boolean {
  return (plan.isBusiness && isIdValue(plan.name, value)) || (plan.isStructural && value.length <= 256);
}

const LEAST_CARD = 1e13;

function isCard(value: number): boolean {
  return value >= LEAST_CARD && Number.isSafeInteger(value) && isCardNumber(String(value));
}
