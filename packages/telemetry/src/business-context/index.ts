export { readBusinessContext, withBusinessContext } from "./business-context.ts";
export { readBusinessIds } from "./baggage-ids.ts";
export { enrichSpan } from "./enrich-span.ts";
