import { isHeadersKey, isSecretKey, isStructuralKey } from "./secret-keys.ts";
import { scrubText } from "./text.ts";

/** What is to be done with a value because of the key it stands under. */
export interface KeyPlan {
  /** The key itself, scrubbed. */
  readonly name: string;
  readonly isSecret: boolean;
  /** Whether it holds a business id, which stays when it is one. */
  readonly isBusiness: boolean;
  readonly isStructural: boolean;
  readonly holdsHeaders: boolean;
  /** None of the above: its value is looked at by its type alone. */
  readonly isOrdinary: boolean;
  /** Statements and URLs tell where their values are. */
  readonly form: "text" | "statement" | "url" | "query";
}

const FORMS: ReadonlyMap<string, KeyPlan["form"]> = new Map([
  ["db.query.text", "statement"],
  ["db.statement", "statement"],
  ["url.full", "url"],
  ["http.url", "url"],
  ["http.target", "url"],
  ["url", "url"],
  ["url.query", "query"],
  ["http.query", "query"],
  ["query_string", "query"],
]);

const MAX_KEY_LENGTH = 256;
const MAX_PLANS = 2000;

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
    const plan = this.#read(key);
    if (plan.name !== key) return plan;
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  #read(key: string): KeyPlan {
    const isSecret = isSecretKey(key);
    const isBusiness = this.#businessKeys.has(key);
    const isStructural = isStructuralKey(key);
    return {
      name: scrubText(key.slice(0, MAX_KEY_LENGTH), []),
      isSecret,
      isBusiness,
      isStructural,
      holdsHeaders: isHeadersKey(key),
      isOrdinary: !isSecret && !isBusiness && !isStructural,
      form: FORMS.get(key) ?? "text",
    };
  }
}
