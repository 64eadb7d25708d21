import { FILTERED } from "./secret-keys.ts";

/**
 * Removes from free text what must not leave: credentials and query values of URLs, tokens, e-mail addresses, card
 * numbers, the values that a duplicate-key error of MongoDB repeats. `allowed` are business ids, which are validated
 * and stay even where they look like a card number. Every pattern is bounded, so the time is linear in the length.
 */
export function scrubText(text: string, allowed: ReadonlySet<string>): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replaceAll(/(:\/\/)[^\s/?#"'<>@]{1,256}@/g, `$1${FILTERED}@`)
    .replaceAll(/([?&][\w.\-[\]%]{1,64}=)[^&\s#"'<>]+/g, "$1?")
    .replaceAll(/\b(bearer)\s{1,4}[\w.~+/=-]{8,}/gi, `$1 ${FILTERED}`)
    .replaceAll(/\b([Bb]asic) (?=[A-Za-z+/]{0,64}[A-Z0-9])[A-Za-z0-9+/]{8,}={0,2}/g, `$1 ${FILTERED}`)
    .replaceAll(/\beyJ[\w-]{5,}\.[\w-]+\.?[\w-]*/g, FILTERED)
    .replaceAll(/\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{16}\b/g, FILTERED)
    .replaceAll(SECRET_ASSIGNMENT, `$1${FILTERED}`)
    .replaceAll(/[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b/g, FILTERED)
    .replaceAll(/(dup key: )\{[^}]{0,1024}\}/g, "$1{ ? }")
    .replaceAll(/\b\d(?:[ -]?\d){12,18}\b/g, (digits) => (isCardNumber(digits, allowed) ? FILTERED : digits));
}

/** Most texts hold none of these and cost one scan. */
const SUSPICIOUS =
  /@|[?&][^=\s]{1,64}=|\beyJ|dup key|\d(?:[ -]?\d){12}|bearer|basic|passw|pwd|secret|token|api.?key|auth|cookie|_live_|_test_|gh[pousr]_|AKIA/i;

const SECRET_ASSIGNMENT =
  /\b((?:password|passwd|pwd|secret|[\w-]{0,32}token|api[-_]?key|authorization|cookie)["']?\s{0,4}[=:]\s{0,4}["']?)(?!\[Filtered|\?)[^\s"',;&}]{1,1024}/gi;

function isCardNumber(text: string, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(text)) return false;
  const digits = text.replaceAll(/[ -]/g, "");
  return hasIssuerPrefix(digits) && hasLuhnChecksum(digits);
}

/** Without this, one in ten timestamps in milliseconds would pass for a card. https://en.wikipedia.org/wiki/Payment_card_number */
function hasIssuerPrefix(digits: string): boolean {
  return /^(4|5[0-8]|2[2-7]|3[04-9]|6)/.test(digits);
}

function hasLuhnChecksum(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += index % 2 === 0 ? digit : doubled;
  }
  return sum % 10 === 0;
}
