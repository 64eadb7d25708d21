import { createError } from "../errors.ts";
import { createMatcher } from "../query/filter.ts";
import type { Matcher } from "../query/matcher.ts";
import { formatValue } from "../values/format.ts";
import { reachLeaves } from "../values/path.ts";
import type { BsonDocument } from "../values/types.ts";
import type { IndexSpecification } from "./index-specification.ts";
import { type IndexKey, readIndexKeys } from "./index-keys.ts";

const NO_KEYS: readonly IndexKey[] = [];

/** One index: index key → the documents (by the key of their `_id`) that have it. */
export class CollectionIndex {
  readonly specification: IndexSpecification;
  readonly paths: readonly string[];
  readonly #accepts: Matcher | undefined;
  readonly #entries = new Map<string, Set<string>>();

  constructor(specification: IndexSpecification) {
    this.specification = specification;
    this.paths = Object.keys(specification.key);
    const filter = specification.partialFilterExpression;
    this.#accepts = filter && createMatcher(filter, { variables: {}, now: new Date(0), exactNumbers: false });
  }

  readKeys(document: BsonDocument): readonly IndexKey[] {
    if (this.#accepts && !this.#accepts(document)) return NO_KEYS;
    const { isMissing, keys } = readIndexKeys(document, this.paths);
    return this.specification.sparse && isMissing ? NO_KEYS : keys;
  }

  /** Throws error 11000 when another document already has one of the keys of a unique index. */
  check(keys: readonly IndexKey[], owner: string | undefined, namespace: string): void {
    if (!this.specification.unique) return;
    for (const key of keys) {
      const owners = this.#entries.get(key.text);
      const isFree = owners === undefined || (owner !== undefined && owners.size === 1 && owners.has(owner));
      if (!isFree) throw this.#createDuplicateError(key, namespace);
    }
  }

  add(keys: readonly IndexKey[], id: string): void {
    for (const { text } of keys) {
      const owners = this.#entries.get(text);
      if (owners) owners.add(id);
      else this.#entries.set(text, new Set([id]));
    }
  }

  remove(keys: readonly IndexKey[], id: string): void {
    for (const { text } of keys) {
      const owners = this.#entries.get(text);
      owners?.delete(id);
      if (owners?.size === 0) this.#entries.delete(text);
    }
  }

  /** Documents with the key. */
  lookUp(key: string): Iterable<string> {
    return this.#entries.get(key) ?? [];
  }

  /** Every document that is in the index: few for a partial or sparse one. */
  members(): Set<string> {
    return new Set([...this.#entries.values()].flatMap((owners) => [...owners]));
  }

  /** True when a TTL index says the document is over. */
  isExpired(document: BsonDocument, nowMillis: number): boolean {
    const { expireAfterSeconds } = this.specification;
    const [path] = this.paths;
    if (expireAfterSeconds === undefined || path === undefined) return false;
    if (this.#accepts && !this.#accepts(document)) return false;
    const times = reachLeaves(document, path).flatMap(({ value }) =>
      value instanceof Date ? [value.getTime()] : [],
    );
    return times.length > 0 && Math.min(...times) + expireAfterSeconds * 1000 <= nowMillis;
  }

  #createDuplicateError(key: IndexKey, namespace: string): Error {
    const keyValue = Object.fromEntries(this.paths.map((path, index) => [path, key.values[index] ?? null]));
    return createError(
      "DuplicateKey",
      `E11000 duplicate key error collection: ${namespace} index: ${this.specification.name} dup key: ${formatValue(keyValue)}`,
      { keyPattern: this.specification.key, keyValue },
    );
  }
}
