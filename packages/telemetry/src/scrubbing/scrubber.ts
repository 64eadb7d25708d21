import type { Attributes } from "@opentelemetry/api";
import { isIdValue } from "../business-context/index.ts";
import { FILTERED, isSecretKey, isStructuralKey } from "./secret-keys.ts";
import { scrubText } from "./text.ts";

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
  idsOf(attributes: Attributes): ReadonlySet<string>;
}

const MAX_DEPTH = 12;
/** Nodes of one value; a larger one is cut, so that a huge nested value costs bounded time. */
const MAX_NODES = 20_000;
const MAX_KEY_LENGTH = 256;
const NO_IDS: ReadonlySet<string> = new Set();

interface Walk {
  nodes: number;
  readonly ids: ReadonlySet<string>;
}

export function createScrubber(options: ScrubberOptions): Scrubber {
  const cut = (text: string): string =>
    text.length > options.maxTextLength ? text.slice(0, options.maxTextLength) : text;
  const isId = (key: string, value: string): boolean =>
    options.businessKeys.has(key) && isIdValue(key, value);
  const text = (value: string, ids = NO_IDS): string => scrubText(cut(value), ids);

  function walk(key: string, value: unknown, depth: number, state: Walk): unknown {
    state.nodes += 1;
    if (state.nodes > MAX_NODES || depth > MAX_DEPTH) return FILTERED;
    if (typeof value === "string") {
      if (isStructuralKey(key) || isId(key, value)) return cut(value);
      if (isSecretKey(key)) return FILTERED;
      // A bare query has no question mark that tells where it begins.
      return key === "url.query" ? text(`?${value}`, state.ids).slice(1) : text(value, state.ids);
    }
    if (value === null || typeof value !== "object") {
      return typeof value === "boolean" || !isSecretKey(key) ? value : FILTERED;
    }
    if (isSecretKey(key)) return FILTERED;
    if (Array.isArray(value)) return value.map((item) => walk(key, item, depth + 1, state));
    if (ArrayBuffer.isView(value)) return FILTERED;
    return walkObject(key, value, depth, state);
  }

  function walkObject(parentKey: string, value: object, depth: number, state: Walk): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    const isTypedAttribute = "value" in value && "type" in value;
    for (const [key, member] of Object.entries(value)) {
      // Sentry writes an attribute as { value, type }: the name that tells whether it is secret is one level up.
      const name = isTypedAttribute && key === "value" ? parentKey : key;
      copy[text(key.slice(0, MAX_KEY_LENGTH), state.ids)] = walk(name, member, depth + 1, state);
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
      for (const [key, value] of Object.entries(attributes)) {
        copy[key.slice(0, MAX_KEY_LENGTH)] = scrubValue(key, value, ids);
      }
      return copy;
    },
    idsOf(attributes) {
      const ids = new Set<string>();
      for (const key of options.businessKeys) {
        const value = attributes[key];
        if (isIdValue(key, value)) ids.add(value);
      }
      return ids;
    },
  };
}
