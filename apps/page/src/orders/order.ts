const statuses = ["create", "making", "finished", "failed"] as const;

/** The statuses of an order as the web service reports them. */
export type OrderStatus = (typeof statuses)[number];

/** An order as the web service reports it. */
export interface Order {
  readonly id: string;
  readonly status: OrderStatus;
  /** 32 hex digits; absent when the services run without telemetry. */
  readonly traceId?: string;
}

/** How often the factory shall fail while it makes the order. */
export type FailChoice = "no" | "once" | "always";

/** True when the status will not change any more. */
export function isEndStatus(status: OrderStatus): boolean {
  return status === "finished" || status === "failed";
}

/** Reads an order from a JSON value; undefined when it is not one. */
export function readOrderJson(value: unknown): Order | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, status, traceId } = value as Record<string, unknown>;
  const known = statuses.find((candidate) => candidate === status);
  if (typeof id !== "string" || known === undefined) return undefined;
  if (typeof traceId !== "string" || !/^[0-9a-f]{32}$/.test(traceId)) return { id, status: known };
  return { id, status: known, traceId };
}
