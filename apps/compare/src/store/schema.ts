/** Changes whenever the tables do; a file of another version is refused. */
export const schemaVersion = 2;

/** One process owns the file: how full the store is, is counted in memory. */
export const pragmas = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
`;

/** Items by trace; the texts that find a trace; and per trace what is needed to forget the oldest first. */
export const schema = `
  CREATE TABLE IF NOT EXISTS trace (
    trace_id TEXT PRIMARY KEY,
    last_seen REAL NOT NULL,
    bytes INTEGER NOT NULL,
    items INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS trace_by_age ON trace (last_seen);
  CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- What makes an item the same item when it is delivered twice; NULL for logs, which have no id.
    item_key TEXT,
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    time REAL NOT NULL,
    json TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS item_once ON item (trace_id, side, kind, item_key) WHERE item_key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS item_by_trace ON item (trace_id);
  CREATE TABLE IF NOT EXISTS word (
    word TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    PRIMARY KEY (word, trace_id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS word_by_trace ON word (trace_id);
`;
