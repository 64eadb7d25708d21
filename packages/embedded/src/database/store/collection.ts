import { BSONRegExp, ObjectId, Timestamp, UUID } from "bson";
import { createError, createUnsupportedError } from "../errors.ts";
import { formatValue } from "../values/format.ts";
import { createKey } from "../values/key.ts";
import type { BsonDocument } from "../values/types.ts";
import { measureDocument } from "../wire/documents.ts";
import { MAX_DOCUMENT_BYTES } from "../wire/limits.ts";
import { CollectionIndex } from "./collection-index.ts";
import type { IndexKey } from "./index-keys.ts";
import {
  checkIndexCount,
  ID_INDEX,
  type IndexSpecification,
  isExistingIndex,
} from "./index-specification.ts";

type KeyedIndex = readonly [index: CollectionIndex, keys: readonly IndexKey[]];

/**
 * One collection. Stored documents are never changed in place: an update replaces them, so an open cursor or a
 * reply keeps what it saw.
 */
export class Collection {
  readonly uuid = new UUID();
  readonly #documents = new Map<string, BsonDocument>();
  readonly #indexes = new Map<string, CollectionIndex>([[ID_INDEX.name, new CollectionIndex(ID_INDEX)]]);
  #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** `database.collection` */
  get namespace(): string {
    return this.#namespace;
  }

  rename(namespace: string): void {
    this.#namespace = namespace;
  }

  get size(): number {
    return this.#documents.size;
  }

  get indexes(): readonly CollectionIndex[] {
    return [...this.#indexes.values()];
  }

  /** In order of insertion. */
  documents(): Iterable<BsonDocument> {
    return this.#documents.values();
  }

  get(idKey: string): BsonDocument | undefined {
    return this.#documents.get(idKey);
  }

  /** Stores a new document and returns it as stored (with an `_id`, which comes first). */
  insert(document: BsonDocument): BsonDocument {
    const stored = prepareForStorage(document);
    const id = createKey(stored["_id"]);
    const keyed = this.#checkIndexes(stored, undefined);
    this.#documents.set(id, stored);
    for (const [index, keys] of keyed) index.add(keys, id);
    return stored;
  }

  replace(previous: BsonDocument, next: BsonDocument): void {
    const id = createKey(previous["_id"]);
    if (!Object.hasOwn(next, "_id") || createKey(next["_id"]) !== id) {
      throw createError(
        "ImmutableField",
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
    }
    checkSize(next);
    const keyed = this.#checkIndexes(next, id);
    for (const [index, keys] of keyed) {
      index.remove(index.readKeys(previous), id);
      index.add(keys, id);
    }
    this.#documents.set(id, next);
  }

  remove(document: BsonDocument): void {
    const id = createKey(document["_id"]);
    this.#documents.delete(id);
    for (const index of this.#indexes.values()) index.remove(index.readKeys(document), id);
  }

  /** Creates an index over what is stored. Returns false when it exists already. */
  createIndex(specification: IndexSpecification): boolean {
    if (createKey(specification.key) === createKey(ID_INDEX.key)) return false;
    for (const existing of this.#indexes.values()) {
      if (isExistingIndex(specification, existing.specification)) return false;
    }
    checkIndexCount(this.#indexes.size);
    const index = new CollectionIndex(specification);
    for (const [id, document] of this.#documents) {
      const keys = index.readKeys(document);
      index.check(keys, id, this.#namespace);
      index.add(keys, id);
    }
    this.#indexes.set(specification.name, index);
    return true;
  }

  dropIndex(name: string): void {
    if (name === ID_INDEX.name) throw createError("InvalidOptions", "cannot drop _id index");
    if (!this.#indexes.delete(name)) {
      throw createError("IndexNotFound", `index not found with name [${name}]`);
    }
  }

  removeExpired(nowMillis: number): void {
    for (const index of this.#indexes.values()) {
      if (index.specification.expireAfterSeconds === undefined) continue;
      const expired = Array.from(this.#documents.values()).filter((document) =>
        index.isExpired(document, nowMillis),
      );
      for (const document of expired) this.remove(document);
    }
  }

  /** `owner`: the stored document that is about to be replaced; undefined for a new one. */
  #checkIndexes(document: BsonDocument, owner: string | undefined): KeyedIndex[] {
    return [...this.#indexes.values()].map((index) => {
      const keys = index.readKeys(document);
      index.check(keys, owner, this.#namespace);
      return [index, keys];
    });
  }
}

function prepareForStorage(document: BsonDocument): BsonDocument {
  const id = Object.hasOwn(document, "_id") ? document["_id"] : new ObjectId();
  checkId(id);
  for (const name of Object.keys(document)) {
    if (name.startsWith("$")) {
      throw createError(
        "DollarPrefixedFieldName",
        `The dollar ($) prefixed field '${name}' in '${name}' is not valid for storage.`,
      );
    }
  }
  const stored: BsonDocument = { _id: id, ...document };
  if (Object.values(stored).some((value) => value instanceof Timestamp && value.isZero())) {
    throw createUnsupportedError("the empty timestamp, which MongoDB replaces by the server's time");
  }
  checkSize(stored);
  return stored;
}

function checkId(id: unknown): void {
  const type = Array.isArray(id) ? "array" : id instanceof BSONRegExp ? "regex" : undefined;
  if (type !== undefined) {
    throw createError("InvalidIdField", `The '_id' value cannot be of type ${type}`);
  }
}

function checkSize(document: BsonDocument): void {
  const bytes = measureDocument(document);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw createError(
      "BSONObjectTooLarge",
      `BSONObj size: ${bytes} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}. First element: _id: ${formatValue(document["_id"])}`,
    );
  }
}
