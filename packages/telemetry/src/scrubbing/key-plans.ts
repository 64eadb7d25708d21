import { isSecretKey, isStructuralKey } from "./secret-keys.ts";
import { scrubText } from "./text.ts";

/** What stands under these is a statement or a URL, which tells where its values are. */
export const STATEMENT_KEYS: ReadonlySet<string> = new Set(["db.query.text", "db.statement"]);
export const URL_KEYS: ReadonlySet<string> = new Set(["url.full", "http.url", "http.target", "url"]);
export const QUERY_KEYS: ReadonlySet<string> = new Set(["url.query", "http.query", "query_string"]);

/**
 * What is to be done with a value because of its key: look into its text, for a query too, see whether it is an id, or
 * whatever else there is. `unclean` keys are themselves to be scrubbed.
 */
export type KeyPlan = "text" | "url" | "id" | "special" | "unclean";

const MAX_KEY_LENGTH = 256;
const MAX_PLANS = 2000;

export function cleanKey(key: string): string {
  return scrubText(key.slice(0, MAX_KEY_LENGTH), []);
}

/** Keys are few and come again: what each asks for is found out once. Those that are data are not worth remembering. */
export class KeyPlans {
  readonly #businessKeys: ReadonlySet<string>;
  readonly #plans = new Map<string, KeyPlan>();

  constructor(businessKeys: ReadonlySet<string>) {
    this.#businessKeys = businessKeys;
  }

  of(key: string): KeyPlan {
    return this.#plans.get(key) ?? this.#remember(key);
  }

  #remember(key: string): KeyPlan {
    if (cleanKey(key) !== key) return "unclean";
    const plan = this.#read(key);
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  #read(key: string): KeyPlan {
    if (this.#businessKeys.has(key)) return "id";
    if (isSecretKey(key) || isStructuralKey(key)) return "special";
    if (STATEMENT_KEYS.has(key) || QUERY_KEYS.has(key)) return "special";
    return URL_KEYS.has(key) ? "url" : "text";
  }
}
