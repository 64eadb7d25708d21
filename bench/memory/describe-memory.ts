import { countHeld } from "../measure/held-memory.ts";
import { drawTable } from "../measure/table.ts";
import type { Account } from "../spans/account.ts";
import type { Outcome } from "./subject.ts";

export function describeMemory(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ peer, before, peak, after }) => [
    peer.name,
    ...[before, peak, after].map(({ rss }) => toMebibytes(rss)),
    ...[before, peak, after].map((memory) => toMebibytes(countHeld(memory))),
  ]);
  const head = ["MiB", "RSS before", "RSS peak", "RSS after", "held before", "held peak", "held after"];
  return drawTable(head, rows);
}

export function describeAccounts(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ peer, accounts }) =>
    accounts.map((account) => [
      `${peer.name}, ${account.backEnd}`,
      String(account.made),
      String(account.arrived),
      describeDropped(account),
    ]),
  );
  return drawTable(["spans", "made", "arrived", "dropped, as the process counts"], rows);
}

function describeDropped({ made, arrived, dropped, reported }: Account): string {
  if (!dropped) {
    const missing = made - arrived;
    if (missing === 0) return "";
    return `${missing} missing, ${reported === 0 ? "none" : reported} of them in client reports`;
  }
  return Object.entries(dropped)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}

function toMebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
