import { formatValue } from "../values/format.ts";
import { createError, createLocationError, createUnsupportedError, DatabaseError } from "../errors.ts";
import { createKey } from "../values/key.ts";
import { readNumber } from "../values/numbers.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";

export interface IndexSpecification {
  readonly name: string;
  readonly key: BsonDocument;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly expireAfterSeconds: number | undefined;
  readonly partialFilterExpression: BsonDocument | undefined;
  /** What `listIndexes` shows. */
  readonly description: BsonDocument;
}

const OPTIONS = new Set(
  "v key name ns background unique sparse expireAfterSeconds partialFilterExpression hidden collation".split(
    " ",
  ),
);
const UNSUPPORTED =
  "weights default_language language_override textIndexVersion 2dsphereIndexVersion bits min max bucketSize wildcardProjection storageEngine clustered prepareUnique".split(
    " ",
  );
/** https://www.mongodb.com/docs/manual/core/index-partial/#create-a-partial-index */
const PARTIAL_OPERATORS = new Set("$eq $exists $gt $gte $lt $lte $type $and $or $in".split(" "));

export const ID_INDEX: IndexSpecification = {
  name: "_id_",
  key: { _id: 1 },
  unique: true,
  sparse: false,
  expireAfterSeconds: undefined,
  partialFilterExpression: undefined,
  description: { v: 2, key: { _id: 1 }, name: "_id_" },
};

/** Reads one entry of `createIndexes`. Throws a DatabaseError for what is wrong or not supported. */
export function readIndexSpecification(specification: unknown): IndexSpecification {
  if (!isDocument(specification)) {
    throw createError("TypeMismatch", "The elements of the 'indexes' array must be objects");
  }
  checkOptions(specification);
  const { key, name } = specification;
  if (!isDocument(key)) throw createError("FailedToParse", "The 'key' field is a required property");
  checkKey(key);
  if (typeof name !== "string" || name === "") {
    throw createError("FailedToParse", "The 'name' field is a required property of an index specification");
  }
  const sparse = isOn(specification["sparse"]);
  const partialFilterExpression = readPartialFilter(specification["partialFilterExpression"], sparse);
  return {
    name,
    key,
    unique: isOn(specification["unique"]),
    sparse,
    expireAfterSeconds: readExpiry(specification["expireAfterSeconds"], key),
    partialFilterExpression,
    description: describe(specification, key, name),
  };
}

function describe(specification: BsonDocument, key: BsonDocument, name: string): BsonDocument {
  const {
    v: _version,
    key: _key,
    name: _name,
    ns: _namespace,
    collation: _collation,
    ...options
  } = specification;
  return { v: 2, key, name, ...options };
}

function isOn(value: unknown): boolean {
  if (value === undefined || value === false || value === null) return false;
  return value === true || Number(readNumber(value) ?? 0) !== 0;
}

function checkOptions(specification: BsonDocument): void {
  for (const option of Object.keys(specification)) {
    if (UNSUPPORTED.includes(option)) throw createUnsupportedError(`the index option ${option}`);
    if (!OPTIONS.has(option)) {
      throw new DatabaseError(
        197,
        "InvalidIndexSpecificationOption",
        `The field '${option}' is not valid for an index specification.`,
      );
    }
  }
  checkCollation(specification["collation"]);
}

/** The only collation here is MongoDB's default: binary comparison. */
export function checkCollation(collation: unknown): void {
  if (collation === undefined || collation === null) return;
  if (isDocument(collation)) {
    const names = Object.keys(collation);
    if (names.length === 0 || (names.length === 1 && collation["locale"] === "simple")) return;
  }
  throw createUnsupportedError("collations other than { locale: 'simple' }");
}

function checkKey(key: BsonDocument): void {
  const fields = Object.entries(key);
  if (fields.length === 0) throw createError("CannotCreateIndex", "Index keys cannot be an empty object.");
  for (const [path, direction] of fields) {
    if (typeof direction === "string") throw createUnsupportedError(`${direction} indexes`);
    if (path.includes("$**")) throw createUnsupportedError("wildcard indexes");
    if (
      path
        .split(".")
        .some((part) => part === "" || (part.startsWith("$") && part !== "$id" && part !== "$ref"))
    ) {
      throw createError("CannotCreateIndex", `Index key contains an illegal field name: '${path}'`);
    }
    const number = Number(readNumber(direction) ?? 0);
    if (number === 0 || Number.isNaN(number)) {
      throw createError(
        "CannotCreateIndex",
        `Values in v:2 index key pattern must be numbers other than 0, got ${formatValue(direction)}`,
      );
    }
  }
}

function readExpiry(value: unknown, key: BsonDocument): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(readNumber(value) ?? Number.NaN);
  if (!(seconds >= 0 && seconds <= 0x7fffffff)) {
    throw createError(
      "CannotCreateIndex",
      "TTL index 'expireAfterSeconds' option must be within an acceptable range, between 0 and 2147483647",
    );
  }
  if (Object.keys(key).length > 1 || Object.hasOwn(key, "_id")) {
    throw createError(
      "CannotCreateIndex",
      "TTL indexes are single-field indexes, compound indexes do not support TTL and _id cannot have one",
    );
  }
  return seconds;
}

function readPartialFilter(filter: unknown, sparse: boolean): BsonDocument | undefined {
  if (filter === undefined) return undefined;
  if (!isDocument(filter)) {
    throw createError("TypeMismatch", "The field 'partialFilterExpression' must be an object");
  }
  if (sparse) {
    throw createError("CannotCreateIndex", 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  checkPartialFilter(filter);
  return filter;
}

function checkPartialFilter(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkPartialFilter);
  if (!isDocument(value)) return;
  for (const [name, operand] of Object.entries(value)) {
    const isRefused = name.startsWith("$") && !PARTIAL_OPERATORS.has(name);
    if (isRefused || (name === "$exists" && operand === false)) {
      throw createError("CannotCreateIndex", `unsupported expression in partial index: ${name}`);
    }
    checkPartialFilter(operand);
  }
}

function createSignature({
  key,
  unique,
  sparse,
  expireAfterSeconds,
  partialFilterExpression,
}: IndexSpecification): {
  keys: string;
  options: string;
} {
  return {
    keys: `${createKey(key)}${createKey(partialFilterExpression)}${unique}${sparse}`,
    options: String(expireAfterSeconds),
  };
}

/** True when the index exists already; throws when an existing one contradicts it. */
export function isExistingIndex(wanted: IndexSpecification, existing: IndexSpecification): boolean {
  const [a, b] = [createSignature(wanted), createSignature(existing)];
  const isSame = a.keys === b.keys && a.options === b.options;
  if (wanted.name === existing.name) {
    if (isSame) return true;
    throw createError(
      a.keys === b.keys ? "IndexOptionsConflict" : "IndexKeySpecsConflict",
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${wanted.name}`,
    );
  }
  if (a.keys !== b.keys) return false;
  throw createError("IndexOptionsConflict", `Index already exists with a different name: ${existing.name}`);
}

/** MongoDB's limits: https://www.mongodb.com/docs/manual/reference/limits/#indexes */
export function checkIndexCount(count: number): void {
  if (count >= 64) throw createLocationError(67, "too many indexes for the collection, limit is 64");
}
