import type { SQLOutputValue } from "node:sqlite";
import type { TraceSummary } from "../trace/model.ts";
import type { StoredItem } from "./item.ts";

export type Row = Record<string, SQLOutputValue>;

/** What is known of a trace without looking at its items. */
export interface TraceRecord extends TraceSummary {
  num: number;
  items: number;
  /** How well `name` names the trace; lower is better. */
  nameRank: number;
  /** Milliseconds since 1970 of what gave the name. */
  nameTime: number;
}

/** A sender decides how many services there are and how long names are. */
const maxServices = 100;
const maxNameLength = 300;

export function createRecord(num: number, traceId: string): TraceRecord {
  const counts = { items: 0, sentrySpans: 0, otlpSpans: 0, errors: 0 };
  return { num, traceId, lastSeenMillis: 0, ...counts, services: [], name: "", nameRank: 9, nameTime: 0 };
}

export function readRecord(row: Row): TraceRecord {
  return {
    num: Number(row["num"]),
    traceId: String(row["trace_id"]),
    lastSeenMillis: Number(row["last_seen"]),
    items: Number(row["items"]),
    sentrySpans: Number(row["sentry_spans"]),
    otlpSpans: Number(row["otlp_spans"]),
    errors: Number(row["errors"]),
    services: JSON.parse(String(row["services"])) as string[],
    name: String(row["name"]),
    nameRank: Number(row["name_rank"]),
    nameTime: Number(row["name_time"]),
  };
}

export function readSummary(row: Row): TraceSummary {
  const { num: _n, items: _i, nameRank: _r, nameTime: _t, ...summary } = readRecord(row);
  return summary;
}

/** Counts an item in. */
export function addToRecord(record: TraceRecord, { kind, side, value }: StoredItem, time: number): void {
  record.items += 1;
  if (kind === "error") record.errors += 1;
  else if (kind === "span") record[side === "sentry" ? "sentrySpans" : "otlpSpans"] += 1;
  if (!record.services.includes(value.service) && record.services.length < maxServices) {
    record.services = [...record.services, value.service].toSorted();
  }
  const name = kind === "span" ? value.name : kind === "error" ? value.title : value.body;
  // Clocks differ, so the earliest span may be a child: one without a parent names the trace.
  const rank = kind === "span" ? Number(value.parentSpanId !== undefined) : 2;
  if (rank < record.nameRank || (rank === record.nameRank && time < record.nameTime)) {
    Object.assign(record, { name: name.slice(0, maxNameLength), nameRank: rank, nameTime: time });
  }
}
