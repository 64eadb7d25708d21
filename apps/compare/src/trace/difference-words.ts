import type { DifferenceField } from "@tracebridge/comparison";

// The browser loads this file, too: it imports nothing at run time.

/** What differs, as the command and the pages call it. */
export const fieldWords: Record<DifferenceField, string> = {
  span: "span",
  parent: "parent",
  name: "name",
  service: "service",
  kind: "kind",
  op: "op",
  segment: "segment",
  status: "status",
  statusMessage: "status message",
  start: "start",
  duration: "duration",
  attribute: "attribute",
  resource: "resource attribute",
  scope: "instrumentation scope",
  event: "event",
  link: "link",
  traceState: "trace state",
  flags: "flags",
  error: "error",
  log: "log",
};

/** The one side that has it; undefined when both or none do. */
export function readOnlySide(values: { left?: unknown; right?: unknown }): "left" | "right" | undefined {
  if (values.left === undefined) return values.right === undefined ? undefined : "right";
  return values.right === undefined ? "left" : undefined;
}
