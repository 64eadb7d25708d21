import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import type { TraceError, TraceLog, TraceSpan, TraceSummary, TraceView } from "../trace/model.ts";
import type { StoredItem } from "./item.ts";
import { schema } from "./schema.ts";

type Row = Record<string, SQLOutputValue>;

/** Attribute values longer than this cannot be searched for: they are no ids. */
const maxWordLength = 100;
/** Traces forgotten in one go, so that no single write takes long. */
const evictionSlice = 50;

/** The store itself, synchronous: it lives in a worker thread, so that receiving never waits for the disk. */
export class TraceDatabase {
  readonly #database: DatabaseSync;
  readonly #maxBytes: number;
  readonly #statements = new Map<string, StatementSync>();
  #bytes: number;

  constructor(file: string, maxBytes: number) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(schema);
    this.#maxBytes = maxBytes;
    const [sum] = this.#all("SELECT coalesce(sum(bytes), 0) AS bytes FROM trace");
    this.#bytes = Number(sum?.["bytes"]);
  }

  write(items: readonly StoredItem[], nowMillis: number): void {
    this.#inTransaction(() => {
      for (const item of items) this.#writeItem(item, nowMillis);
    });
    this.#forgetOldest();
  }

  readTrace(traceId: string): TraceView {
    const view: TraceView = {
      traceId,
      sentry: { spans: [], errors: [], logs: [] },
      otlp: { spans: [], logs: [] },
    };
    for (const row of this.#all(
      "SELECT side, kind, json FROM item WHERE trace_id = ? ORDER BY time, id",
      traceId,
    )) {
      const value: unknown = JSON.parse(String(row["json"]));
      const side = row["side"] === "sentry" ? view.sentry : view.otlp;
      if (row["kind"] === "span") side.spans.push(value as TraceSpan);
      else if (row["kind"] === "log") side.logs.push(value as TraceLog);
      else view.sentry.errors.push(value as TraceError);
    }
    return view;
  }

  /** The newest traces, or the newest of those that have `query` as their id or as the value of an attribute. */
  listTraces(query: string | undefined, limit: number): TraceSummary[] {
    const wanted =
      query === undefined
        ? ""
        : "WHERE trace_id = $q OR trace_id IN (SELECT trace_id FROM word WHERE word = $q)";
    const statement = this.#prepare(
      `SELECT trace_id, last_seen FROM trace ${wanted} ORDER BY last_seen DESC LIMIT $limit`,
    );
    const rows = query === undefined ? statement.all({ limit }) : statement.all({ q: query, limit });
    return rows.map((row) => this.#summarise(String(row["trace_id"]), Number(row["last_seen"])));
  }

  close(): void {
    this.#database.close();
  }

  #writeItem(item: StoredItem, nowMillis: number): void {
    const { traceId, service } = item.value;
    const json = JSON.stringify(item.value, replaceUnjsonable);
    const { key, name, time } = describe(item);
    const { changes } = this.#prepare(
      `INSERT OR IGNORE INTO item (trace_id, side, kind, item_key, service, name, time, json)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(traceId, item.side, item.kind, key, service, name, time, json);
    if (changes === 0) return;
    this.#prepare(
      `INSERT INTO trace (trace_id, last_seen, bytes) VALUES (?, ?, ?)
         ON CONFLICT (trace_id) DO UPDATE SET last_seen = excluded.last_seen, bytes = bytes + excluded.bytes`,
    ).run(traceId, nowMillis, json.length);
    this.#bytes += json.length;
    const word = this.#prepare("INSERT OR IGNORE INTO word (word, trace_id) VALUES (?, ?)");
    const searched = item.kind === "error" ? item.value.tags : item.value.attributes;
    for (const value of Object.values(searched)) {
      if (typeof value === "string" && value !== "" && value.length <= maxWordLength)
        word.run(value, traceId);
    }
  }

  #summarise(traceId: string, lastSeenMillis: number): TraceSummary {
    const [counts] = this.#all(
      `SELECT sum(side = 'sentry' AND kind = 'span') AS sentry, sum(side = 'otlp' AND kind = 'span') AS otlp,
              sum(kind = 'error') AS errors, group_concat(DISTINCT service) AS services
       FROM item WHERE trace_id = ?`,
      traceId,
    );
    const [first] = this.#all(
      "SELECT name FROM item WHERE trace_id = ? ORDER BY kind = 'span' DESC, time, id LIMIT 1",
      traceId,
    );
    return {
      traceId,
      lastSeenMillis,
      sentrySpans: Number(counts?.["sentry"] ?? 0),
      otlpSpans: Number(counts?.["otlp"] ?? 0),
      errors: Number(counts?.["errors"] ?? 0),
      services: String(counts?.["services"] ?? "")
        .split(",")
        .toSorted(),
      name: String(first?.["name"] ?? ""),
    };
  }

  #forgetOldest(): void {
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#all("SELECT trace_id, bytes FROM trace ORDER BY last_seen LIMIT ?", evictionSlice);
      if (oldest.length === 0) return;
      this.#inTransaction(() => {
        for (const row of oldest) {
          if (this.#bytes <= this.#maxBytes) return;
          for (const table of ["item", "word", "trace"]) {
            this.#prepare(`DELETE FROM ${table} WHERE trace_id = ?`).run(String(row["trace_id"]));
          }
          this.#bytes -= Number(row["bytes"]);
        }
      });
    }
  }

  /** Every statement is compiled once. */
  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #all(sql: string, ...parameters: (string | number)[]): Row[] {
    return this.#prepare(sql).all(...parameters);
  }

  #inTransaction(work: () => void): void {
    this.#database.exec("BEGIN");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function describe(item: StoredItem): { key: string | null; name: string; time: number } {
  switch (item.kind) {
    case "span":
      return { key: item.value.spanId, name: item.value.name, time: item.value.startMillis };
    case "error":
      return { key: item.value.eventId, name: item.value.title, time: item.value.timeMillis };
    case "log":
      return { key: null, name: item.value.body, time: item.value.timeMillis };
  }
}

/** OTLP has integers beyond a number's reach, and bytes. */
function replaceUnjsonable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
