import { propagation } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { isIdValue } from "./id-values.ts";
import { readSegmentIds } from "./segment-ids.ts";

/** The allow-listed ids that `context` carries; a value that is no id is left out. */
export function readBusinessIds(
  context: Context,
  keys: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const baggage = propagation.getBaggage(context);
  const ofSegment = readSegmentIds(context);
  const ids: Record<string, string> = {};
  if (!baggage && !ofSegment) return ids;
  for (const key of keys) {
    const value = ofSegment?.get(key) ?? baggage?.getEntry(key)?.value;
    if (isIdValue(key, value)) ids[key] = value;
  }
  return ids;
}

/** `context` with `ids` added to its baggage; what the baggage holds already stays. */
export function writeBusinessIds(context: Context, ids: Readonly<Record<string, string>>): Context {
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  for (const [key, value] of Object.entries(ids)) baggage = baggage.setEntry(key, { value });
  return propagation.setBaggage(context, baggage);
}
