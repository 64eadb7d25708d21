import { propagation } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";

/** Ids are bounded and harmless in every header, query and log line (the same pattern the services accept). */
const VALUE = /^[A-Za-z0-9-]{1,64}$/;

export function isBusinessValue(value: unknown): value is string {
  return typeof value === "string" && VALUE.test(value);
}

/** The allow-listed ids that `context` carries in its baggage; a value that is no id is left out. */
export function readBusinessIds(
  context: Context,
  keys: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const baggage = propagation.getBaggage(context);
  const ids: Record<string, string> = {};
  if (!baggage) return ids;
  for (const key of keys) {
    const value = baggage.getEntry(key)?.value;
    if (isBusinessValue(value)) ids[key] = value;
  }
  return ids;
}

/** `context` with `ids` added to its baggage; what the baggage holds already stays. */
export function writeBusinessIds(context: Context, ids: Readonly<Record<string, string>>): Context {
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  for (const [key, value] of Object.entries(ids)) baggage = baggage.setEntry(key, { value });
  return propagation.setBaggage(context, baggage);
}
