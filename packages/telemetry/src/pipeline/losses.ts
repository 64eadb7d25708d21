import type { TelemetryStats } from "../telemetry.ts";
import { countOpen, listAccounts } from "./accounts.ts";
import type { Account } from "./accounts.ts";
import { isIntendedDrop } from "./drop-reasons.ts";

/** One line about everything that was accepted and not delivered, with the reasons; `undefined` without a loss. */
export function describeLosses(stats: TelemetryStats): string | undefined {
  const losses = listAccounts(stats).flatMap(describeLoss);
  return losses.length > 0 ? `Not delivered until the end: ${losses.join("; ")}.` : undefined;
}

/** One line about everything there was; `undefined` when there was nothing. */
export function describeDeliveries(stats: TelemetryStats): string | undefined {
  const accounts = listAccounts(stats).filter(({ stats: { accepted } }) => accepted > 0);
  if (accounts.length === 0) return undefined;
  const deliveries = accounts.map(
    ({ items, sink, stats: { accepted, delivered } }) => `${delivered} of ${accepted} ${items} to ${sink}`,
  );
  return `Delivered ${deliveries.join(", ")}; unaccounted: ${stats.unaccounted}.`;
}

function describeLoss({ items, sink, stats }: Account): string[] {
  const reasons = Object.entries(stats.dropped).filter(([reason]) => !isIntendedDrop(reason));
  const lost = countOpen(stats) + reasons.reduce((sum, [, count]) => sum + count, 0);
  if (lost <= 0) return [];
  const why = reasons.map(([reason, count]) => `${reason} ${count}`).join(", ");
  return [`${lost} of ${stats.accepted} ${items} for ${sink}${why && ` (${why})`}`];
}
