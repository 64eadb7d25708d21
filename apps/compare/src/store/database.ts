import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import type { Trace, TraceError, TraceLog, TraceSpan } from "@tracebridge/comparison";
import type { TraceSummary, TraceView } from "../trace/model.ts";
import { describeItem, type StoredItem } from "./item.ts";
import { pragmas, schema, schemaVersion } from "./schema.ts";

type Row = Record<string, SQLOutputValue>;

/** How much the store keeps; what goes first is the trace that was heard of longest ago. */
export interface StoreLimits {
  /** Bytes of stored JSON and of the texts that find it; the file is larger by about a third. */
  maxBytes: number;
  /** Spans, logs and errors. */
  maxItems: number;
}

/** Attribute values longer than this cannot be searched for: they are no ids. */
const maxWordLength = 100;
/** A word is stored beside its trace id, and again in an index. */
const wordOverheadBytes = 100;

/** The store itself, synchronous: it lives in a worker thread, so that receiving never waits for the disk. */
export class TraceDatabase {
  readonly #database: DatabaseSync;
  readonly #limits: StoreLimits;
  readonly #statements = new Map<string, StatementSync>();
  #bytes = 0;
  #items = 0;

  /** @throws Error when the file cannot be opened, is no store of this version, or belongs to a running process */
  constructor(file: string, limits: StoreLimits) {
    this.#limits = limits;
    this.#database = new DatabaseSync(file);
    this.#database.exec(pragmas);
    this.#inTransaction(() => this.#createTables());
    this.#count();
    this.#forgetOldest();
  }

  write(items: readonly StoredItem[], nowMillis: number): void {
    try {
      this.#inTransaction(() => {
        for (const item of items) this.#writeItem(item, nowMillis);
      });
    } catch (error) {
      this.#count();
      throw error;
    }
    this.#forgetOldest();
  }

  readTrace(traceId: string): TraceView {
    const create = (format: Trace["format"]): Trace => ({ traceId, format, spans: [], errors: [], logs: [] });
    const view: TraceView = { traceId, sentry: create("sentry"), otlp: create("otlp") };
    for (const row of this.#all(
      "SELECT side, kind, json FROM item WHERE trace_id = ? ORDER BY time, id",
      traceId,
    )) {
      const value: unknown = JSON.parse(String(row["json"]));
      const side = row["side"] === "sentry" ? view.sentry : view.otlp;
      if (row["kind"] === "span") side.spans.push(value as TraceSpan);
      else if (row["kind"] === "log") side.logs.push(value as TraceLog);
      else side.errors.push(value as TraceError);
    }
    return view;
  }

  /** The newest traces that have a span or an error: what a service logs while it starts belongs to no work. */
  listTraces(limit: number): TraceSummary[] {
    return this.#summarise(
      this.#all(
        `SELECT trace_id, last_seen FROM trace
         WHERE EXISTS (SELECT 1 FROM item WHERE item.trace_id = trace.trace_id AND kind <> 'log')
         ORDER BY last_seen DESC LIMIT ?`,
        limit,
      ),
    );
  }

  /**
   * The traces that have `query` as their id or as the value of an attribute. The largest come first: an order's own
   * trace must be found however many requests have asked for its status since.
   */
  findTraces(query: string, limit: number): TraceSummary[] {
    return this.#summarise(
      this.#all(
        `SELECT trace_id, last_seen FROM trace
         WHERE trace_id = ? OR trace_id IN (SELECT trace_id FROM word WHERE word = ?)
         ORDER BY items DESC, last_seen DESC LIMIT ?`,
        query.toLowerCase(),
        query,
        limit,
      ),
    );
  }

  close(): void {
    this.#database.close();
  }

  #createTables(): void {
    const version = Number(this.#all("PRAGMA user_version")[0]?.["user_version"]);
    const [tables] = this.#all("SELECT count(*) AS count FROM sqlite_schema");
    const isNew = Number(tables?.["count"]) === 0;
    if (!isNew && version !== schemaVersion) throw new Error("the file is no store of this version");
    this.#database.exec(`${schema} PRAGMA user_version = ${schemaVersion}`);
  }

  #count(): void {
    const [sum] = this.#all(
      "SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(items), 0) AS items FROM trace",
    );
    this.#bytes = Number(sum?.["bytes"]);
    this.#items = Number(sum?.["items"]);
  }

  #writeItem(item: StoredItem, nowMillis: number): void {
    const { traceId, service } = item.value;
    const json = JSON.stringify(item.value);
    const { key, name, time, searched } = describeItem(item);
    const { changes } = this.#prepare(
      `INSERT OR IGNORE INTO item (trace_id, side, kind, item_key, service, name, time, json)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(traceId, item.side, item.kind, key, service, name, time, json);
    if (changes === 0) return;
    const bytes = Buffer.byteLength(json) + this.#writeWords(traceId, Object.values(searched));
    this.#prepare(
      `INSERT INTO trace (trace_id, last_seen, bytes, items) VALUES (?, ?, ?, 1)
         ON CONFLICT (trace_id) DO UPDATE
         SET last_seen = excluded.last_seen, bytes = bytes + excluded.bytes, items = items + 1`,
    ).run(traceId, nowMillis, bytes);
    this.#bytes += bytes;
    this.#items += 1;
  }

  #writeWords(traceId: string, values: readonly unknown[]): number {
    const statement = this.#prepare("INSERT OR IGNORE INTO word (word, trace_id) VALUES (?, ?)");
    let bytes = 0;
    for (const value of values) {
      if (typeof value !== "string" || value === "" || value.length > maxWordLength) continue;
      const { changes } = statement.run(value, traceId);
      if (changes > 0) bytes += Buffer.byteLength(value) + wordOverheadBytes;
    }
    return bytes;
  }

  #summarise(rows: readonly Row[]): TraceSummary[] {
    return rows.map((row) => {
      const traceId = String(row["trace_id"]);
      const [counts] = this.#all(
        `SELECT coalesce(sum(side = 'sentry' AND kind = 'span'), 0) AS sentry,
                coalesce(sum(side = 'otlp' AND kind = 'span'), 0) AS otlp,
                coalesce(sum(kind = 'error'), 0) AS errors, json_group_array(DISTINCT service) AS services
         FROM item WHERE trace_id = ?`,
        traceId,
      );
      const [first] = this.#all(
        // Clocks differ, so the earliest span may be a child: one without a parent is meant.
        `SELECT name FROM item WHERE trace_id = ?
         ORDER BY kind = 'span' DESC, json_extract(json, '$.parentSpanId') IS NULL DESC, time, id LIMIT 1`,
        traceId,
      );
      return {
        traceId,
        lastSeenMillis: Number(row["last_seen"]),
        sentrySpans: Number(counts?.["sentry"]),
        otlpSpans: Number(counts?.["otlp"]),
        errors: Number(counts?.["errors"]),
        services: (JSON.parse(String(counts?.["services"])) as string[]).toSorted(),
        name: String(first?.["name"]),
      };
    });
  }

  /** A trace goes as a whole: half of one would be taken for what was received of it. */
  #forgetOldest(): void {
    while (this.#bytes > this.#limits.maxBytes || this.#items > this.#limits.maxItems) {
      const [oldest] = this.#all("SELECT trace_id, bytes, items FROM trace ORDER BY last_seen LIMIT 1");
      if (!oldest) return;
      this.#inTransaction(() => {
        for (const table of ["item", "word", "trace"]) {
          this.#prepare(`DELETE FROM ${table} WHERE trace_id = ?`).run(String(oldest["trace_id"]));
        }
      });
      this.#bytes -= Number(oldest["bytes"]);
      this.#items -= Number(oldest["items"]);
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
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
