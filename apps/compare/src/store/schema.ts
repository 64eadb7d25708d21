/** Changes whenever the tables do; a file of another version is kept under another name and a new one begun. */
export const schemaVersion = 3;

/** Marks a file as compare's own: "TrBr". */
export const applicationId = 0x54_72_42_72;

/**
 * One process owns the file. NORMAL in WAL mode outlives the end of the process by whatever cause; only a power cut may
 * take the last moment's writes (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export const pragmas = `
  PRAGMA page_size = 8192;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 16777216;
`;

export const schema = `
  CREATE TABLE IF NOT EXISTS trace (
    -- Never used again: rows of a forgotten trace are deleted after it.
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id TEXT NOT NULL UNIQUE,
    last_seen REAL NOT NULL,
    items INTEGER NOT NULL,
    -- What the list of traces shows.
    sentry_spans INTEGER NOT NULL,
    otlp_spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    services TEXT NOT NULL,
    name TEXT NOT NULL,
    name_rank INTEGER NOT NULL,
    name_time REAL NOT NULL
  );
  CREATE INDEX IF NOT EXISTS trace_by_age ON trace (last_seen);
  CREATE TABLE IF NOT EXISTS forgotten (num INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY,
    trace INTEGER NOT NULL,
    -- Side, kind and what makes an item the same item when it is delivered twice.
    key TEXT NOT NULL,
    time REAL NOT NULL,
    origin INTEGER NOT NULL,
    json TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS item_once ON item (trace, key);
  -- Resource and instrumentation of spans, once however many spans have them.
  CREATE TABLE IF NOT EXISTS origin (
    id INTEGER PRIMARY KEY,
    json TEXT NOT NULL,
    hash INTEGER NOT NULL,
    uses INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS origin_by_hash ON origin (hash);
  -- Hashes of attribute values and of their keys: exact search in a few bytes.
  CREATE TABLE IF NOT EXISTS word (
    value INTEGER NOT NULL,
    trace INTEGER NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (value, trace, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS word_by_trace ON word (trace);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;
