/** The ids of a request, beside the business keys: the first is our own name, the second OpenTelemetry's. */
export const REQUEST_ID = "requestId";
/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/ */
export const USER_ID = "user.id";
const REQUEST_KEYS: ReadonlySet<string> = new Set([REQUEST_ID, USER_ID]);

/** Ids are bounded and harmless in every header, query and log line (the same pattern the services accept). */
const BUSINESS_VALUE = /^[A-Za-z0-9-]{1,64}$/;
/** As proxies write them. No `@`: an e-mail address is no id. */
const REQUEST_VALUE = /^[A-Za-z0-9._-]{1,128}$/;
const USER_VALUE = /^[A-Za-z0-9._:|-]{1,128}$/;

/** Whether `value` may travel, and stand unscrubbed, as the id that `key` names. */
export function isIdValue(key: string, value: unknown): value is string {
  if (typeof value !== "string") return false;
  if (key === REQUEST_ID) return REQUEST_VALUE.test(value);
  return (key === USER_ID ? USER_VALUE : BUSINESS_VALUE).test(value);
}

/** The keys of everything that travels with a request: the business keys and the ids of the request itself. */
export function withRequestKeys(businessKeys: Iterable<string>): ReadonlySet<string> {
  return new Set([...businessKeys, ...REQUEST_KEYS]);
}

export function isRequestKey(key: string): boolean {
  return REQUEST_KEYS.has(key);
}
