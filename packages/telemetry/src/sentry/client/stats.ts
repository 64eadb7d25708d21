import type { SentryStats } from "../../telemetry.ts";
import type { QueuedTransport } from "../transport/queued-transport.ts";
import type { Ledger } from "./ledger.ts";

export function readStats(ledger: Ledger, transport: QueuedTransport | undefined): SentryStats {
  return {
    spans: ledger.read("span"),
    logs: ledger.read("log_item"),
    errors: ledger.read("error"),
    sessions: ledger.read("session"),
    spanEvents: ledger.read("span_event"),
    queue: transport?.readQueue() ?? { envelopes: 0, bytes: 0 },
  };
}
