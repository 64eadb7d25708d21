import { envelopeItemTypeToDataCategory } from "@sentry/core";
import type { SentryEnvelope } from "../types.ts";

/** How many things of one data category an envelope carries. */
export interface ItemCount {
  readonly category: string;
  readonly count: number;
}

type ItemType = Parameters<typeof envelopeItemTypeToDataCategory>[0];

/** Counts one envelope item: containers (spans, logs) hold many things, all others one. */
export function countItem([header]: SentryEnvelope[1][number]): ItemCount {
  const { type, item_count: itemCount } = header;
  const count = typeof itemCount === "number" ? itemCount : 1;
  return { category: envelopeItemTypeToDataCategory(type as ItemType), count };
}

/** Client reports and sessions are numbers to add up: one that arrives twice is wrong for good. */
export function isCounter({ category }: ItemCount): boolean {
  return category === "internal" || category === "session";
}
