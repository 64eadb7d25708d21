import { SourceError } from "./source.ts";

export interface JaegerAddress {
  /** For messages: without user and password. */
  name: string;
  /** What a path is added to: no slash at its end. */
  base: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Reads what follows `jaeger:`, the address of Jaeger's user interface and query API, which may be in a sub-path.
 *
 * @throws SourceError `SOURCE_UNKNOWN`; the text is not in the message, because it may hold a password
 */
export function readJaegerAddress(text: string): JaegerAddress {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new SourceError(
      "SOURCE_UNKNOWN",
      "After jaeger: there must be the address of its user interface, that starts with http:// or https:// and has no " +
        'query, as in "jaeger:http://localhost:16686" or "jaeger:https://user:password@example.com/jaeger".',
    );
  }
  const base = url.origin + url.pathname.replace(/\/+$/, "");
  return { name: `jaeger:${base}`, base, headers: { accept: "application/json", ...readCredentials(url) } };
}

function readCredentials({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64");
  return { authorization: `Basic ${pair}` };
}

/** An address may have a plain % in its password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
