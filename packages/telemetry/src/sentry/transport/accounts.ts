import type { Client } from "@sentry/core";
import type { Ledger } from "../client/ledger.ts";
import type { ItemCount } from "./envelope-items.ts";

export type ReportDrop = Client["recordDroppedEvent"];
export type DropReason = Parameters<ReportDrop>[0];
type DropCategory = Parameters<ReportDrop>[1];

/** The data category of client reports: their loss is not reported, or reports would breed reports. */
const REPORTS = "internal";

/** Books what became of the items of an envelope. */
export class Accounts {
  readonly #ledger: Ledger;
  readonly #reportDrop: ReportDrop;

  /** @param reportDrop counts a loss in the ledger and in the next client report */
  constructor(ledger: Ledger, reportDrop: ReportDrop) {
    this.#ledger = ledger;
    this.#reportDrop = reportDrop;
  }

  /** Books a final answer; false for a refusal that Sentry has not counted itself. */
  settle(items: readonly ItemCount[], statusCode: number): boolean {
    if (statusCode >= 200 && statusCode < 300) {
      for (const { category, count } of items) this.#ledger.deliver(category, count);
      return true;
    }
    // Sentry has counted these itself. https://develop.sentry.dev/sdk/expected-features/rate-limiting/
    const isCounted = statusCode === 429;
    if (isCounted) this.dropUnreported(items, "rate_limited");
    else this.drop(items, "send_error");
    return isCounted;
  }

  drop(items: readonly ItemCount[], reason: DropReason): void {
    for (const { category, count } of items) {
      if (category !== REPORTS) this.#reportDrop(reason, category as DropCategory, count);
    }
  }

  /** For what Sentry counts itself or cannot be told any more. */
  dropUnreported(items: readonly ItemCount[], reason: string): void {
    for (const { category, count } of items) this.#ledger.drop(category, reason, count);
  }
}
