import { type Collection, type Db, type Document, type MongoClient, MongoServerError } from "mongodb";

interface CheckScope {
  readonly client: MongoClient;
  readonly database: Db;
  /** Empty but for the check's own `documents`. */
  readonly collection: Collection;
}

/** One thing a MongoDB server does, seen through the real driver. */
export interface Check {
  /** A sentence. */
  readonly name: string;
  /** Stored before the check runs. */
  readonly documents?: readonly Document[];
  readonly run: (scope: CheckScope) => Promise<unknown>;
  /** What MongoDB's documentation promises; `failsWith(code)` for an error. */
  readonly expect: unknown;
}

/** The outcome of a command that the server refuses. */
export function failsWith(code: number, codeName?: string): { failure: { code: number; codeName?: string } } {
  return { failure: codeName === undefined ? { code } : { code, codeName } };
}

function describeFailure(error: MongoServerError, wanted: unknown): unknown {
  const { code, codeName } = error;
  const wantsName = (JSON.stringify(wanted) ?? "").includes("codeName");
  return { failure: wantsName ? { code, codeName } : { code } };
}

/** Runs one check in a collection of its own and returns what came back. */
export async function runCheck(client: MongoClient, check: Check, databaseName: string): Promise<unknown> {
  const database = client.db(databaseName);
  const collection = database.collection("things");
  if (check.documents) await collection.insertMany(check.documents.map((document) => ({ ...document })));
  try {
    return await check.run({ client, database, collection });
  } catch (error) {
    if (error instanceof MongoServerError) return describeFailure(error, check.expect);
    throw error;
  } finally {
    await database.dropDatabase();
  }
}

/** The ids a query finds, in the order they come back. */
export function idsOf(documents: readonly Document[]): unknown[] {
  return documents.map((document): unknown => document["_id"]);
}
