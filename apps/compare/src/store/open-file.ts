import { existsSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { applicationId, pragmas, schema, schemaVersion } from "./schema.ts";
import { isDamage } from "./sql.ts";

export interface OpenedFile {
  database: DatabaseSync;
  /** Says what became of a file that could not be gone on with; the store is then a new one. */
  notice?: string;
}

/** Versions 1 and 2 carried no mark; these were their tables. */
const tablesBeforeMark = "item,trace,word";

/**
 * Opens a store, or begins one. A store of another version, or a damaged one, is kept under another name.
 *
 * @throws Error with SQLite's reason, or when the file is no store at all; it is then left as it was
 */
export function openStoreFile(file: string): OpenedFile {
  const version = findVersion(file);
  if (version !== undefined && version !== schemaVersion) {
    return openNew(file, `version-${version}`, "was written by another version of compare");
  }
  try {
    return { database: open(file) };
  } catch (error) {
    if (version === undefined || !isDamage(error)) throw error;
    return setDamagedFileAside(file);
  }
}

/** Keeps a file that is beyond use under another name and begins a new one. */
export function setDamagedFileAside(file: string): OpenedFile {
  return openNew(file, "damaged", "is damaged");
}

function openNew(file: string, suffix: string, reason: string): OpenedFile {
  const kept = rename(file, suffix);
  return {
    database: open(file),
    notice: `"${file}" ${reason}: it is kept as "${kept}" and a new one is begun`,
  };
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(pragmas);
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The version of the store in a file; undefined for a file that is new. Changes nothing in it. */
function findVersion(file: string): number | undefined {
  const database = new DatabaseSync(file);
  try {
    const read = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
    const tables = read(
      `SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name)`,
    );
    if (tables === null) return undefined;
    const version = Number(read("PRAGMA user_version"));
    const isOurs =
      Number(read("PRAGMA application_id")) === applicationId || (tables === tablesBeforeMark && version > 0);
    if (!isOurs) throw new Error("the file is another program's database");
    return version;
  } finally {
    database.close();
  }
}

function rename(file: string, suffix: string): string {
  let kept = `${file}.${suffix}`;
  for (let number = 2; existsSync(kept); number += 1) kept = `${file}.${suffix}.${number}`;
  for (const part of ["", "-wal", "-shm"]) {
    if (existsSync(file + part)) renameSync(file + part, kept + part);
  }
  return kept;
}
