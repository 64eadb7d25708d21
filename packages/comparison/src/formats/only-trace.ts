import type { Trace } from "../model.ts";
import type { TracesRead } from "./collected-traces.ts";
import { FormatError } from "./format-error.ts";

/**
 * The trace of an answer that is about one.
 *
 * @throws FormatError when there are several
 */
export function readOnlyTrace({ traces }: TracesRead, expected: string): Trace | undefined {
  if (traces.size > 1) {
    throw new FormatError(`Expected ${expected} with one trace, found ${traces.size} traces.`);
  }
  return traces.values().next().value;
}
