import { readBaseUrl, type BaseUrl } from "./base-url.ts";
import { SourceError } from "./source.ts";

export interface JaegerAddress extends BaseUrl {
  /** For messages: without user and password. */
  name: string;
}

/**
 * Reads what follows `jaeger:`, the address of Jaeger's user interface and query API.
 *
 * @throws SourceError `SOURCE_UNKNOWN`; the text is not in the message, because it may hold a password
 */
export function readJaegerAddress(text: string): JaegerAddress {
  const address = readBaseUrl(text);
  if (address) return { ...address, name: `jaeger:${address.base}` };
  throw new SourceError(
    "SOURCE_UNKNOWN",
    "After jaeger: there must be the address of its user interface, that starts with http:// or https:// and has no " +
      'query, as in "jaeger:http://localhost:16686" or "jaeger:https://user:password@example.com/jaeger".',
  );
}
