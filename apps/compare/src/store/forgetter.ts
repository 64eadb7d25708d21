import type { Sql } from "./sql.ts";

/** How much the store keeps; what goes first is the trace that was heard of longest ago. */
export interface StoreLimits {
  /** Bytes of the store's pages in use. */
  maxBytes: number;
  /** Spans, logs and errors. */
  maxItems: number;
  /** Traces of which nothing arrived for longer are forgotten. */
  maxAgeMillis: number;
}

/**
 * Keeps the store within its limits. A trace goes as a whole, since half of one would be taken for what was received of
 * it: it disappears at once, and what it leaves is deleted in small pieces, between which others are served.
 */
export class Forgetter {
  readonly #sql: Sql;
  readonly #limits: StoreLimits;
  #items = 0;

  constructor(sql: Sql, limits: StoreLimits) {
    this.#sql = sql;
    this.#limits = limits;
    this.recount();
  }

  get items(): number {
    return this.#items;
  }

  /** Bytes of the pages in use; a file does not shrink, but what is free in it is used again. */
  get bytes(): number {
    return (this.#pragma("page_count") - this.#pragma("freelist_count")) * this.#pragma("page_size");
  }

  recount(): void {
    this.#items = Number(this.#sql.get("SELECT coalesce(sum(items), 0) AS items FROM trace")?.["items"]);
  }

  count(addedItems: number): void {
    this.#items += addedItems;
  }

  /** Deletes about `maxRows` rows of what is too much, and tells whether there is more. */
  forgetSome(maxRows: number, nowMillis: number): boolean {
    return this.#sql.inTransaction(() => {
      let rows = maxRows;
      while (rows > 0) {
        const trace = this.#sql.get("SELECT num FROM forgotten LIMIT 1")?.["num"];
        if (trace !== undefined) rows -= this.#deleteSome(Number(trace), rows);
        else if (this.#isTooMuch(nowMillis)) rows -= this.#hideOldest();
        else return false;
      }
      return true;
    });
  }

  #isTooMuch(nowMillis: number): boolean {
    if (this.#items === 0) return false;
    const oldest = Number(this.#sql.get("SELECT min(last_seen) AS oldest FROM trace")?.["oldest"]);
    const { maxItems, maxBytes, maxAgeMillis } = this.#limits;
    return nowMillis - oldest > maxAgeMillis || this.#items > maxItems || this.bytes > maxBytes;
  }

  #hideOldest(): number {
    const oldest = this.#sql.get("SELECT num, items FROM trace ORDER BY last_seen LIMIT 1");
    if (!oldest) return 1;
    const num = Number(oldest["num"]);
    this.#sql.run("INSERT INTO forgotten (num) VALUES (?)", num);
    this.#sql.run("DELETE FROM trace WHERE num = ?", num);
    this.#items -= Number(oldest["items"]);
    return 1;
  }

  #deleteSome(trace: number, maxRows: number): number {
    const items = this.#sql.all("SELECT id, origin FROM item WHERE trace = ? LIMIT ?", trace, maxRows);
    const usesOf = new Map<number, number>();
    for (const { id, origin } of items) {
      this.#sql.run("DELETE FROM item WHERE id = ?", Number(id));
      usesOf.set(Number(origin), (usesOf.get(Number(origin)) ?? 0) + 1);
    }
    for (const [origin, uses] of usesOf) {
      this.#sql.run("UPDATE origin SET uses = uses - ? WHERE id = ?", uses, origin);
      this.#sql.run("DELETE FROM origin WHERE id = ? AND uses <= 0", origin);
    }
    if (items.length === maxRows) return maxRows;
    const words = this.#sql.run(
      `DELETE FROM word WHERE trace = ?1 AND (value, key) IN
       (SELECT value, key FROM word WHERE trace = ?1 LIMIT ?2)`,
      trace,
      maxRows,
    );
    if (words < maxRows) this.#sql.run("DELETE FROM forgotten WHERE num = ?", trace);
    return items.length + words + 1;
  }

  #pragma(name: "page_count" | "freelist_count" | "page_size"): number {
    return Number(this.#sql.get(`PRAGMA ${name}`)?.[name]);
  }
}
