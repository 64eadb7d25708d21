/** What stands where a secret was. */
export const FILTERED = "[Filtered]";

const SECRET_WORDS = new Set(
  (
    "authorization cookie cookies password passwd pwd passphrase secret secrets token jwt credential credentials " +
    "cvv cvc ssn apikey bearer csrf xsrf"
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
]);
const SECRET_ENDINGS =
  /(token|secret|password|passwd|apikey|cookie|sessionid|privatekey|accesskey|cardnumber)$/;

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

/** Names and ids that telemetry itself writes: a release such as `order@1.2.3` is no e-mail address. */
const STRUCTURAL_KEYS = new Set([
  "event_id",
  "parent_span_id",
  "release",
  "sentry.release",
  "service.version",
  "span_id",
  "trace_id",
]);

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

export function isSafeHeader(name: string): boolean {
  return SAFE_HEADERS.has(name.toLowerCase().replaceAll("_", "-"));
}

function isUnsafeHeader(key: string): boolean {
  const header = /^(?:http|rpc\.grpc)\.(?:request|response)\.(?:header|metadata)\.(.+)$/.exec(key)?.[1];
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
