import { ROOT_CONTEXT, propagation } from "@opentelemetry/api";
import type { Context, TextMapGetter, TextMapPropagator } from "@opentelemetry/api";
import { readBusinessIds, writeBusinessIds } from "../../business-context/index.ts";

/** Where meta tags are looked for: the document. */
export interface MetaTags {
  querySelectorAll(selectors: string): Iterable<{ getAttribute(name: string): string | null }>;
}

const NAMES = ["sentry-trace", "baggage", "traceparent"];

/** As many tags of one name are a mistake, and two already contradict each other. */
const getter: TextMapGetter<MetaTags> = {
  keys: () => NAMES,
  get: (document, name) => {
    if (!NAMES.includes(name)) return undefined;
    const tags = [...document.querySelectorAll(`meta[name="${name}"]`)];
    const values = tags.map((tag) => tag.getAttribute("content")).filter((value) => value !== null);
    return values.length > 0 ? values : undefined;
  },
};

/**
 * The context that the server's meta tags name, with the business ids among its baggage; nothing else of what a page
 * holds is sent on. What is malformed is ignored as in headers.
 */
export function readMetaTags(
  document: MetaTags,
  propagator: TextMapPropagator,
  businessKeys: ReadonlySet<string>,
): Context {
  const extracted = propagator.extract(ROOT_CONTEXT, document, getter);
  const ids = readBusinessIds(extracted, businessKeys);
  const plain = propagation.deleteBaggage(extracted);
  return Object.keys(ids).length > 0 ? writeBusinessIds(plain, ids) : plain;
}
