import type { DatabaseSync } from "node:sqlite";
import type { Trace, TraceSpan } from "@tracebridge/comparison";
import type { TraceSummary, TraceView } from "../trace/model.ts";
import { Forgetter, type StoreLimits } from "./forgetter.ts";
import { restoreItem, type StoredItem } from "./item.ts";
import { readQuery, type SearchTerm } from "./search-words.ts";
import { isDamage, Sql } from "./sql.ts";
import { readSummary, type Row } from "./trace-record.ts";
import { WriteBatch } from "./write-batch.ts";

/** How full the store is. */
export interface StoreFill {
  items: number;
  /** Bytes of the store's pages in use. */
  bytes: number;
}

/** A word like `GET` is in every trace: so many of the newest ones are looked at. */
const maxMatches = 10_000;

/** The store itself, synchronous: it lives in a worker thread, so that receiving never waits for the disk. */
export class TraceDatabase {
  readonly #sql: Sql;
  readonly #forgetter: Forgetter;

  constructor(database: DatabaseSync, limits: StoreLimits) {
    this.#sql = new Sql(database);
    this.#forgetter = new Forgetter(this.#sql, limits);
  }

  /**
   * Writes several deliveries in one transaction; where that fails, each in its own.
   *
   * @returns for each delivery, how many of its items were new, or why it was not kept
   */
  write(deliveries: readonly (readonly StoredItem[])[], nowMillis: number): (number | Error)[] {
    try {
      return this.#writeAll(deliveries, nowMillis);
    } catch (error) {
      if (isDamage(error)) throw error;
      if (deliveries.length === 1) return [error instanceof Error ? error : new Error(String(error))];
      return deliveries.flatMap((delivery) => this.write([delivery], nowMillis));
    }
  }

  readTrace(traceId: string): TraceView {
    const create = (format: Trace["format"]): Trace => ({ traceId, format, spans: [], errors: [], logs: [] });
    const view: TraceView = { traceId, sentry: create("sentry"), otlp: create("otlp") };
    const origins = new Map<unknown, Partial<TraceSpan>>();
    for (const { key, json, origin } of this.#sql.all(
      `SELECT key, json, origin FROM item WHERE trace = (SELECT num FROM trace WHERE trace_id = ?)
       ORDER BY time, id`,
      traceId,
    )) {
      const shared = origins.get(origin) ?? this.#readOrigin(Number(origin));
      origins.set(origin, shared);
      restoreItem(view, String(key), String(json), shared);
    }
    return view;
  }

  /** The newest traces that have a span or an error: what a service logs while it starts belongs to no work. */
  listTraces(limit: number): TraceSummary[] {
    return this.#sql
      .all(
        `SELECT * FROM trace WHERE sentry_spans + otlp_spans + errors > 0 ORDER BY last_seen DESC LIMIT ?`,
        limit,
      )
      .map(readSummary);
  }

  /**
   * The traces that have `query` as their id, as the value of an attribute or as `key=value`; or all of its words. The
   * largest come first: an order's own trace must be found however many requests have asked for its status since.
   */
  findTraces(query: string, limit: number): TraceSummary[] {
    const byId = this.#sql.all("SELECT * FROM trace WHERE trace_id = ?", query.toLowerCase());
    const found = new Map<unknown, Row>(byId.map((row) => [row["num"], row]));
    for (const terms of readQuery(query)) {
      for (const row of this.#findByTerms(terms, limit)) found.set(row["num"], row);
    }
    return [...found.values()]
      .toSorted(
        (a, b) => Number(b["items"]) - Number(a["items"]) || Number(b["last_seen"]) - Number(a["last_seen"]),
      )
      .slice(0, limit)
      .map(readSummary);
  }

  /** Deletes about `maxRows` rows of what is beyond the limits, and tells whether there is more. */
  forgetSome(maxRows: number, nowMillis: number): boolean {
    try {
      return this.#forgetter.forgetSome(maxRows, nowMillis);
    } catch (error) {
      if (!isDamage(error)) this.#forgetter.recount();
      throw error;
    }
  }

  fill(): StoreFill {
    return { items: this.#forgetter.items, bytes: this.#forgetter.bytes };
  }

  close(): void {
    this.#sql.close();
  }

  #writeAll(deliveries: readonly (readonly StoredItem[])[], nowMillis: number): number[] {
    const batch = new WriteBatch(this.#sql);
    const added = this.#sql.inTransaction(() => {
      const counts = deliveries.map((items) => batch.add(items));
      batch.finish(nowMillis);
      return counts;
    });
    this.#forgetter.count(batch.added);
    return added;
  }

  #findByTerms(terms: readonly SearchTerm[], limit: number): Row[] {
    const [first, ...others] = terms;
    if (!first) return [];
    const also = others.map(
      (_, index) => `AND EXISTS (SELECT 1 FROM word AS word${index} WHERE word${index}.trace = word.trace
       AND word${index}.value = ? AND word${index}.key = coalesce(?, word${index}.key))`,
    );
    return this.#sql.all(
      `SELECT * FROM trace WHERE num IN (SELECT DISTINCT trace FROM word
       WHERE value = ? AND key = coalesce(?, key) ${also.join(" ")} ORDER BY trace DESC LIMIT ${maxMatches})
       ORDER BY items DESC, last_seen DESC LIMIT ?`,
      ...[first, ...others].flatMap(({ value, key }) => [value, key ?? null]),
      limit,
    );
  }

  #readOrigin(id: number): Partial<TraceSpan> {
    const row = this.#sql.get("SELECT json FROM origin WHERE id = ?", id);
    return JSON.parse(String(row?.["json"] ?? "{}")) as Partial<TraceSpan>;
  }
}
