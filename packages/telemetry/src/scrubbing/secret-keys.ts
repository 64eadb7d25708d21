/** What stands where a secret was. */
export const FILTERED = "[Filtered]";

const SECRET_WORDS = new Set(
  (
    "authorization cookie cookies password passwd pwd passphrase secret secrets token jwt credential credentials " +
    "cvv cvc ssn iban otp passcode phone telephone apikey bearer csrf xsrf"
  ).split(" "),
);
const SECRET_PAIRS = new Set([
  "api key",
  "private key",
  "access key",
  "session id",
  "card number",
  "credit card",
  "connect sid",
  "account key",
  "signing key",
  "encryption key",
  "connection string",
  "ip address",
  // What a statement was given for its placeholders: https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/
  "query parameter",
  "operation parameter",
]);
const SECRET_ENDINGS =
  /(token|secret|password|passwd|apikey|cookie|sessionid|privatekey|accesskey|cardnumber|passphrase|credentials|phonenumber|connectionstring)$/;

/** Headers whose values may leave; all others are filtered. */
const SAFE_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "retry-after",
  "user-agent",
  "x-request-id",
]);

/** Names, ids and random numbers that telemetry itself writes: a release such as `order@1.2.3` is no e-mail address. */
const STRUCTURAL_KEYS = new Set(
  (
    "event_id parent_span_id public_key release replay_id sample_rand sample_rate segment_id sentry.release " +
    "sentry.segment.id sentry.trace.parent_span_id service.version sid spanId span_id traceId trace_id"
  ).split(" "),
);

export function isStructuralKey(key: string): boolean {
  return STRUCTURAL_KEYS.has(key);
}

const cache = new Map<string, boolean>();

/** Whether a value under this key is secret by its name: `x-api-key`, `user.password`, `refreshToken`, … */
export function isSecretKey(key: string): boolean {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const answer = isUnsafeHeader(key) || hasSecretWord(key);
  if (cache.size < 2000 && key.length <= 200) cache.set(key, answer);
  return answer;
}

/** Whether an object under this key holds headers, which leave by an allow-list. */
export function isHeadersKey(key: string): boolean {
  return key.toLowerCase().endsWith("headers");
}

export function isSafeHeader(name: string): boolean {
  return SAFE_HEADERS.has(name.toLowerCase().replaceAll("_", "-"));
}

function isUnsafeHeader(key: string): boolean {
  const header = /(?:headers|(?:request|response)\.(?:header|metadata))\.(.+)$/i.exec(key)?.[1];
  return header !== undefined && !isSafeHeader(header);
}

function hasSecretWord(key: string): boolean {
  const words = key
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word, index) => {
    const pair = `${word} ${words[index + 1] ?? ""}`;
    return SECRET_WORDS.has(word) || SECRET_PAIRS.has(pair) || SECRET_ENDINGS.test(word);
  });
}
