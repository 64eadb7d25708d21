import { readBaseUrl } from "./base-url.ts";
import { SourceError } from "./source.ts";

export interface SentryAddress {
  /** For messages: organization and server, no token. */
  name: string;
  /** Of the organization, with a slash at its end. */
  api: string;
  headers: Readonly<Record<string, string>>;
  pageUrl: (traceId: string) => string;
}

const defaultUrl = "https://sentry.io";

/**
 * Where an organization's API is, by `SENTRY_URL`, and what opens it, `SENTRY_AUTH_TOKEN`.
 *
 * @throws SourceError `SOURCE_UNKNOWN`, or `UNAUTHORISED` without a token
 */
export function readSentryAddress(organization: string, env: NodeJS.ProcessEnv): SentryAddress {
  // No more than a slug may have: nothing that could be another path.
  if (!/^[a-z\d][\w-]{0,63}$/i.test(organization)) {
    throw new SourceError(
      "SOURCE_UNKNOWN",
      "After sentry: there must be an organization's slug, of letters, digits and dashes: the acme of acme.sentry.io.",
    );
  }
  const address = readBaseUrl(env["SENTRY_URL"] || defaultUrl);
  if (!address) {
    throw new SourceError(
      "SOURCE_UNKNOWN",
      `SENTRY_URL is no address of a Sentry: give one such as ${defaultUrl} or https://sentry.example.com.`,
    );
  }
  const { base } = address;
  return {
    name: `sentry:${organization} (${base})`,
    api: `${base}/api/0/organizations/${organization}/`,
    headers: { accept: "application/json", authorization: `Bearer ${readToken(organization, env)}` },
    pageUrl: (traceId) => `${readPagesUrl(base, organization)}/explore/traces/trace/${traceId}/`,
  };
}

/** On sentry.io every organization has a host of its own for its pages, whatever its region. */
function readPagesUrl(base: string, organization: string): string {
  return /^https:\/\/(\w+\.)?sentry\.io$/.test(base)
    ? `https://${organization}.sentry.io`
    : `${base}/organizations/${organization}`;
}

function readToken(organization: string, env: NodeJS.ProcessEnv): string {
  const token = env["SENTRY_AUTH_TOKEN"]?.trim();
  if (!token) {
    throw new SourceError(
      "UNAUTHORISED",
      `sentry:${organization} needs a token: set SENTRY_AUTH_TOKEN to one with the scope event:read.`,
    );
  }
  // An error about an impossible header would show it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new SourceError(
    "UNAUTHORISED",
    "SENTRY_AUTH_TOKEN holds characters that no token has: set it again.",
  );
}
