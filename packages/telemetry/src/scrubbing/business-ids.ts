import { isIdValue } from "../business-context/index.ts";

/** The business ids among `attributes`, looked for when they are asked for: hardly any text does. */
export class BusinessIds implements Iterable<string> {
  readonly #keys: ReadonlySet<string>;
  readonly #attributes: Readonly<Record<string, unknown>>;
  #found: ReadonlySet<string> | undefined;

  constructor(keys: ReadonlySet<string>, attributes: Readonly<Record<string, unknown>>) {
    this.#keys = keys;
    this.#attributes = attributes;
  }

  [Symbol.iterator](): Iterator<string> {
    this.#found ??= new Set(this.#find());
    return this.#found.values();
  }

  *#find(): Iterable<string> {
    for (const key of this.#keys) {
      const value = this.#attributes[key];
      if (isIdValue(key, value)) yield value;
    }
  }
}
