import type { SpanKind } from "../model.ts";

const kinds: ReadonlySet<unknown> = new Set<SpanKind>([
  "internal",
  "server",
  "client",
  "producer",
  "consumer",
]);

export function isSpanKind(value: unknown): value is SpanKind {
  return kinds.has(value);
}
