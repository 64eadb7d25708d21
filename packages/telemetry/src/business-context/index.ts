export { readBusinessContext, withBusinessContext } from "./business-context.ts";
export { readBusinessIds, writeBusinessIds } from "./baggage-ids.ts";
export { enrichSpan } from "./enrich-span.ts";
export { isIdValue, withRequestKeys } from "./id-values.ts";
export { setUser, startRequest } from "./request-ids.ts";
export { readOutgoingBaggage } from "./segment-ids.ts";
