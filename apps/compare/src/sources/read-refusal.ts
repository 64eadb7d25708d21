import type { FetchOptions } from "./fetch-json.ts";
import { SourceError } from "./source.ts";

type Wishes = Pick<FetchOptions, "sourceName" | "authorisationFix" | "redirectFix">;

/** The error that an answer's status stands for; undefined for one that is worth reading. */
export function readRefusal({ status, headers }: Response, wishes: Wishes): SourceError | undefined {
  const { sourceName, authorisationFix } = wishes;
  if (status === 401 || status === 403) {
    return new SourceError(
      "UNAUTHORISED",
      `${sourceName} refuses with status ${status}. ${authorisationFix}`,
    );
  }
  if (status === 429) {
    return new SourceError(
      "RATE_LIMITED",
      `${sourceName} is asked too often (status 429). Try again ${readWait(headers)}.`,
    );
  }
  if (status >= 300 && status < 400) {
    const target = readTarget(headers.get("location"));
    const fix = wishes.redirectFix ?? "Give the address it redirects to.";
    return new SourceError(
      "REDIRECTED",
      `${sourceName} redirects${target} (status ${status}), and redirects are not followed. ${fix}`,
    );
  }
  return undefined;
}

/** By Retry-After (RFC 9110, 10.2.3) or, as Sentry has none, by the second at which its limit is reset. */
function readWait(headers: Headers): string {
  const retryAfter = headers.get("retry-after") ?? "";
  if (/^\d{1,6}$/.test(retryAfter)) return `in ${Number(retryAfter)} s`;
  const date = Date.parse(retryAfter);
  const reset = Number(headers.get("x-sentry-rate-limit-reset") ?? Number.NaN) * 1000;
  const until = Number.isNaN(date) ? reset : date;
  const seconds = Math.ceil((until - Date.now()) / 1000);
  return seconds > 0 && seconds < 1_000_000 ? `in ${seconds} s` : "later";
}

/** Where to, as far as the host: the rest may hold secrets. */
function readTarget(location: string | null): string {
  const url = URL.parse(location ?? "");
  return url && /^https?:$/.test(url.protocol) ? ` to ${url.origin}` : "";
}
