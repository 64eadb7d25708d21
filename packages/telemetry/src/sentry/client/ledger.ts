import type { SinkStats } from "../../telemetry.ts";

interface Account {
  accepted: number;
  delivered: number;
  readonly dropped: Map<string, number>;
}

/**
 * What became of every item, by Sentry's data category (`span`, `log_item`, `error`, …). Every accepted item ends as
 * delivered or dropped with a reason, so that nothing is ever missing without a trace.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>();

  accept(category: string, count = 1): void {
    this.#account(category).accepted += count;
  }

  deliver(category: string, count = 1): void {
    this.#account(category).delivered += count;
  }

  drop(category: string, reason: string, count = 1): void {
    const { dropped } = this.#account(category);
    dropped.set(reason, (dropped.get(reason) ?? 0) + count);
  }

  read(category: string): SinkStats {
    const { accepted, delivered, dropped } = this.#account(category);
    return { accepted, delivered, dropped: Object.fromEntries(dropped) };
  }

  #account(category: string): Account {
    const existing = this.#accounts.get(category);
    if (existing) return existing;
    const created: Account = { accepted: 0, delivered: 0, dropped: new Map() };
    this.#accounts.set(category, created);
    return created;
  }
}
