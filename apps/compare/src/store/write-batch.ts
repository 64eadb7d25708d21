import { addToRecord, createRecord, readRecord, type TraceRecord } from "./trace-record.ts";
import { fileItem, type StoredItem } from "./item.ts";
import { hashText } from "./hash.ts";
import { readSearchWords, type SearchWord } from "./search-words.ts";
import type { Sql } from "./sql.ts";

interface OpenTrace {
  record: TraceRecord;
  words: Map<string, SearchWord>;
  hasChanged: boolean;
}

/** What one transaction writes. Traces, words and origins are written once for all items that share them. */
export class WriteBatch {
  readonly #sql: Sql;
  readonly #traces = new Map<string, OpenTrace>();
  readonly #origins = new Map<string, { id: number; uses: number }>();
  /** Items that were not there yet. */
  added = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Adds what arrived together; an item that is there already is left out. Returns how many were new. */
  add(items: readonly StoredItem[]): number {
    const before = this.added;
    const same = new Map<string, number>();
    for (const item of items) {
      const { key, hasId, time, origin, json } = fileItem(item);
      const trace = this.#findTrace(item.value.traceId);
      const { num } = trace.record;
      const earlier = same.get(num + key) ?? 0;
      if (!hasId) same.set(num + key, earlier + 1);
      const kept = this.#findOrigin(origin);
      const row = [num, earlier === 0 ? key : `${key}.${earlier}`, time, kept.id, json];
      const changes = this.#sql.run(
        "INSERT OR IGNORE INTO item (trace, key, time, origin, json) VALUES (?, ?, ?, ?, ?)",
        ...row,
      );
      if (changes === 0) continue;
      kept.uses += 1;
      this.added += 1;
      addToRecord(trace.record, item, time);
      trace.hasChanged = true;
      for (const word of readSearchWords(item)) trace.words.set(`${word.key}.${word.value}`, word);
    }
    return this.added - before;
  }

  finish(nowMillis: number): void {
    for (const { record, words, hasChanged } of this.#traces.values()) {
      for (const { key, value } of words.values()) {
        this.#sql.run(
          "INSERT OR IGNORE INTO word (value, trace, key) VALUES (?, ?, ?)",
          value,
          record.num,
          key,
        );
      }
      if (hasChanged) this.#writeRecord(record, nowMillis);
    }
    for (const { id, uses } of this.#origins.values()) {
      if (uses > 0) this.#sql.run("UPDATE origin SET uses = uses + ? WHERE id = ?", uses, id);
      else this.#sql.run("DELETE FROM origin WHERE id = ? AND uses = 0", id);
    }
  }

  #writeRecord(record: TraceRecord, nowMillis: number): void {
    const { items, sentrySpans, otlpSpans, errors, services, name, nameRank, nameTime } = record;
    const counts = [items, sentrySpans, otlpSpans, errors, JSON.stringify(services)];
    const title = [name, nameRank, nameTime];
    this.#sql.run(
      `UPDATE trace SET last_seen = ?, items = ?, sentry_spans = ?, otlp_spans = ?, errors = ?, services = ?,
       name = ?, name_rank = ?, name_time = ? WHERE num = ?`,
      nowMillis,
      ...counts,
      ...title,
      record.num,
    );
  }

  #findTrace(traceId: string): OpenTrace {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const row = this.#sql.get("SELECT * FROM trace WHERE trace_id = ?", traceId);
    const record = row ? readRecord(row) : this.#createTrace(traceId);
    const trace = { record, words: new Map<string, SearchWord>(), hasChanged: false };
    this.#traces.set(traceId, trace);
    return trace;
  }

  #createTrace(traceId: string): TraceRecord {
    const row = this.#sql.get(
      `INSERT INTO trace (trace_id, last_seen, items, sentry_spans, otlp_spans, errors, services, name, name_rank,
       name_time) VALUES (?, 0, 0, 0, 0, 0, '[]', '', 0, 0) RETURNING num`,
      traceId,
    );
    return createRecord(Number(row?.["num"]), traceId);
  }

  #findOrigin(json: string): { id: number; uses: number } {
    const known = this.#origins.get(json);
    if (known) return known;
    const hash = hashText(json);
    const row =
      this.#sql.get("SELECT id FROM origin WHERE hash = ? AND json = ?", hash, json) ??
      this.#sql.get("INSERT INTO origin (json, hash, uses) VALUES (?, ?, 0) RETURNING id", json, hash);
    const origin = { id: Number(row?.["id"]), uses: 0 };
    this.#origins.set(json, origin);
    return origin;
  }
}
