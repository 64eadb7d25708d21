import type { Trace } from "../model.ts";
import type { TracesRead } from "./collected-traces.ts";
import { FormatError } from "./format-error.ts";

/**
 * The trace of an answer that is about one.
 *
 * @throws FormatError when there are several, or something in it cannot be read: what is left out would look as if the
 *   back end had never got it
 */
export function readOnlyTrace({ traces, skipped }: TracesRead, expected: string): Trace | undefined {
  if (traces.size > 1) {
    throw new FormatError(`Expected ${expected} with one trace, found ${traces.size} traces.`);
  }
  if (skipped.length > 0) {
    const found = skipped.map(({ reason, count }) => `${count} × ${reason}`).join(", ");
    throw new FormatError(`Expected ${expected}, found spans that cannot be read: ${found}.`);
  }
  return traces.values().next().value;
}
