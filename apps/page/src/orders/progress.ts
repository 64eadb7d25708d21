import { isEndStatus, type OrderStatus } from "./order.ts";

/** A status and when this page saw it first (milliseconds since 1970). */
export interface SeenStatus {
  readonly status: OrderStatus;
  readonly at: number;
}

/** One station of the progress line. */
export interface ProgressStep {
  readonly label: string;
  /** `missed`: the order passed it before, or between two looks of this page. */
  readonly state: "seen" | "current" | "missed" | "pending";
  readonly at?: number;
}

const rank: Readonly<Record<OrderStatus, number>> = { create: 0, making: 1, finished: 2, failed: 2 };

/**
 * Adds a status to what was seen. One that does not follow from the last one starts anew: then the order was
 * created again, for example after the databases were emptied.
 */
export function recordStatus(
  seen: readonly SeenStatus[],
  status: OrderStatus,
  at: number,
): readonly SeenStatus[] {
  const last = seen.at(-1);
  if (last === undefined) return [{ status, at }];
  if (last.status === status) return seen;
  return rank[status] > rank[last.status] ? [...seen, { status, at }] : [{ status, at }];
}

/** The stations of the order's way: `create`, `making`, and how it ended. */
export function readProgress(seen: readonly SeenStatus[]): readonly ProgressStep[] {
  const last = seen.at(-1);
  const end = last !== undefined && isEndStatus(last.status) ? last.status : undefined;
  const stations: readonly (OrderStatus | undefined)[] = ["create", "making", end];
  return stations.map((status, index) => {
    const at = seen.find((one) => one.status === status)?.at;
    const reached = last === undefined ? -1 : rank[last.status];
    return { label: status ?? "finished or failed", state: stateOf(index, reached, at), at };
  });
}

function stateOf(index: number, reached: number, at: number | undefined): ProgressStep["state"] {
  if (index > reached) return "pending";
  if (index === reached) return "current";
  return at === undefined ? "missed" : "seen";
}
