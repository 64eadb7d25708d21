import { createError } from "../errors.ts";
import { Collection } from "./collection.ts";

/** All databases of one server. Nothing is written to disk. */
export class Store {
  readonly #databases = new Map<string, Database>();

  /** The database, which exists (and is remembered) as soon as it has a collection. */
  database(name: string): Database {
    checkDatabaseName(name);
    const existing = this.#databases.get(name);
    if (existing) return existing;
    const created: Database = new Database(name, () => this.#databases.set(name, created));
    return created;
  }

  /** Databases that have a collection. */
  list(): Database[] {
    return [...this.#databases.values()].filter((database) => database.size > 0);
  }

  drop(name: string): void {
    this.#databases.delete(name);
  }

  removeExpired(nowMillis: number): void {
    for (const database of this.#databases.values()) {
      for (const [, collection] of database.list()) collection.removeExpired(nowMillis);
    }
  }
}

export class Database {
  readonly name: string;
  readonly #collections = new Map<string, Collection>();
  readonly #onFirstCollection: () => void;

  constructor(name: string, onFirstCollection: () => void) {
    this.name = name;
    this.#onFirstCollection = onFirstCollection;
  }

  get size(): number {
    return this.#collections.size;
  }

  list(): [name: string, collection: Collection][] {
    return [...this.#collections];
  }

  find(name: string): Collection | undefined {
    return this.#collections.get(name);
  }

  /** For reading: a collection that does not exist is an empty one. */
  read(name: string): Collection {
    return this.#collections.get(name) ?? new Collection(this.namespaceOf(name));
  }

  /** For writing: creates the collection. */
  ensure(name: string): Collection {
    const existing = this.#collections.get(name);
    if (existing) return existing;
    checkCollectionName(name);
    const created = new Collection(this.namespaceOf(name));
    this.#collections.set(name, created);
    this.#onFirstCollection();
    return created;
  }

  put(name: string, collection: Collection): void {
    checkCollectionName(name);
    collection.rename(this.namespaceOf(name));
    this.#collections.set(name, collection);
  }

  drop(name: string): void {
    this.#collections.delete(name);
  }

  namespaceOf(collection: string): string {
    return `${this.name}.${collection}`;
  }
}

/** https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
function checkDatabaseName(name: string): void {
  if (name === "" || name.length > 63 || /[/\\. "$*<>:|?\0]/.test(name)) {
    throw createError("InvalidNamespace", `Invalid database name: '${name}'`);
  }
}

function checkCollectionName(name: string): void {
  const isInvalid =
    name === "" ||
    name.startsWith("system.") ||
    name.startsWith(".") ||
    name.includes("$") ||
    name.includes("\0");
  if (isInvalid || Buffer.byteLength(name) > 200) {
    throw createError("InvalidNamespace", `Invalid collection name: ${name}`);
  }
}
