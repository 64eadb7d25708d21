import type { FetchLimits } from "./fetch-json.ts";
import { readCompareAddress } from "./compare-address.ts";
import { openFileSource } from "./file.ts";
import { openJaegerSource } from "./jaeger.ts";
import { openLocalSource } from "./local.ts";
import { openSentrySource } from "./sentry.ts";
import { SourceError, type TraceSource } from "./source.ts";

/**
 * Opens what a user names: `local:sentry`, `local:otlp`, `jaeger:URL`, `sentry:ORG` or `file:PATH`. Asks nothing yet.
 *
 * @param env `COMPARE_URL`, `COMPARE_PORT`, `SENTRY_URL` and `SENTRY_AUTH_TOKEN` are read
 * @throws SourceError `SOURCE_UNKNOWN`, or `UNAUTHORISED` where a token is missing
 */
export function openSource(text: string, env: NodeJS.ProcessEnv, limits?: FetchLimits): TraceSource {
  const [, kind, rest = ""] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  if (kind === "local" && (rest === "sentry" || rest === "otlp")) {
    return openLocalSource(rest, readCompareAddress(env), limits);
  }
  if (kind === "jaeger") return openJaegerSource(rest, limits);
  if (kind === "sentry") return openSentrySource(rest, env, limits);
  if (kind === "file") return openFileSource(rest, { maxBytes: limits?.maxBytes });
  // What was given is not repeated: it may be an address with a password.
  throw new SourceError(
    "SOURCE_UNKNOWN",
    "There is no such source. There are: local:sentry, local:otlp, jaeger:URL (jaeger:http://localhost:16686), " +
      "sentry:ORG (with SENTRY_AUTH_TOKEN) and file:PATH (file:- for standard input).",
  );
}
