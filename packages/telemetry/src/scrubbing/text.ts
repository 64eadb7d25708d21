import { replaceCards, SEPARATOR } from "./card-number.ts";
import { replaceIbans } from "./iban.ts";
import { scrubJsonExcerpts } from "./json-excerpt.ts";
import { isPlainText } from "./plain-text.ts";
import { FILTERED } from "./secret-keys.ts";
import { PRIVATE_KEY, TOKEN, WEBHOOK } from "./token-formats.ts";

/**
 * Removes from free text what must not leave: credentials and query values of URLs, tokens, keys, e-mail addresses, card
 * and account numbers, the values that errors of databases repeat. `allowed` are business ids, which are validated and
 * stay even where they look like a card number. Every pattern takes time linear in the length, which callers bound.
 */
export function scrubText(whole: string, allowed: Iterable<string>): string {
  const text = scrubJsonExcerpts(whole);
  if (isPlainText(text) || !hasAny(text, CONSPICUOUS) || !hasAny(text, SUSPICIOUS)) return text;
  const keepIds = (match: string, offset: number, around: string): string =>
    isPartOfId(match, offset, around, allowed) ? match : FILTERED;
  const clean = text
    .replaceAll(PRIVATE_KEY, FILTERED)
    .replaceAll(AUTHORITY_WITH_SLASH, `://${FILTERED}@`)
    .replaceAll(AUTHORITY, `://${FILTERED}@`)
    .replaceAll(WEBHOOK, `$1${FILTERED}`)
    .replaceAll(QUERY_VALUE, "$1?")
    .replaceAll(AUTHORIZATION, `$1$2${FILTERED}`)
    .replaceAll(COOKIE, `$1$2${FILTERED}`)
    .replaceAll(ASSIGNMENT, `$1$2$3$4${FILTERED}`)
    .replaceAll(BEARER, `$1${FILTERED}`)
    .replaceAll(BASIC, `$1${FILTERED}`)
    .replaceAll(TOKEN, keepIds)
    .replaceAll(E_MAIL, FILTERED)
    .replaceAll(MONGO_DUPLICATE, "$1{ ? }")
    .replaceAll(SQL_DUPLICATE, "$1$2?");
  const withoutCards = replaceCards(clean, (card, offset) => keepIds(card, offset, clean));
  return replaceIbans(withoutCards, (iban, offset) => keepIds(iban, offset, withoutCards));
}

/** The values of a query that stands by itself or in a URL, whatever signs are in them. */
export function scrubUrl(text: string): string {
  const start = text.indexOf("?") + 1;
  if (start === 0) return text;
  const hash = text.indexOf("#", start);
  const end = hash < 0 ? text.length : hash;
  let clean = text.slice(0, start);
  let partStart = start;
  let nameEnd = -1;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === EQUALS && nameEnd < 0) nameEnd = at;
    if (code !== AMPERSAND) continue;
    clean += `${scrubQueryPart(text, partStart, nameEnd, at)}&`;
    partStart = at + 1;
    nameEnd = -1;
  }
  return clean + scrubQueryPart(text, partStart, nameEnd, end) + text.slice(end);
}

const EQUALS = 61;
const AMPERSAND = 38;

/** `nameEnd` is negative where there is no value. */
function scrubQueryPart(text: string, start: number, nameEnd: number, end: number): string {
  const name = text.slice(start, nameEnd < 0 ? end : nameEnd);
  const shown = name.length <= 64 && /^[\w.$\-[\]%]*$/.test(name) ? name : "?";
  return nameEnd < 0 ? shown : `${shown}=?`;
}

/** The literals of a statement in SQL; one in JSON has been made of its shape alone. */
export function scrubStatement(text: string): string {
  if (text.startsWith("{") || text.startsWith("[")) return text;
  return text
    .replaceAll(/'(?:[^']|'')*'?/g, "?")
    .replaceAll(/(?<=(?:[=<>]|like)\s{0,4})"[^"]*"?/gi, "?")
    .replaceAll(/(?<=[=<>(,\s])-?\d[\d.]*(?![\w.])/g, "?");
}

const NAMES = String.raw`(?:passw(?:or)?d|passphrase|secret|token|credentials?|(?:api|access|account|private)[-_ ]?key(?:[-_]?id)?|session[-_]?id|(?<![A-Za-z])(?:pwd|sid|sig|cvv|cvc|ssn|iban))`;
/** A name and what stands between it and its value; in JSON there are quotes, in JSON inside JSON escaped ones. */
const assign = (names: string): string => String.raw`(${names}\\{0,3}["']?\s{0,4}(?:=>|[=:])\s{0,4})`;

/**
 * Without any of these there is nothing to find, and most texts hold none. Several small scans are five times faster
 * than one for all, and a repeated class is seven times faster than a counted one.
 */
const CONSPICUOUS: readonly RegExp[] = [
  /[@=:%]/,
  new RegExp(String.raw`[\w-]`.repeat(14)),
  /\d{2}[ \u00a0.+-]\w{4,6}[ \u00a0.+-]/,
  /bearer|basic|duplicate/i,
];

/** Of the others, most hold none of these. */
const SUSPICIOUS: readonly RegExp[] = [
  /@|%40|[?&][^=&?\s#"'<>]{1,128}=(?!\?(?:[&#\s]|$))|dup key|duplicate|key \(|bearer|basic|authorization|cookie/i,
  new RegExp(NAMES, "i"),
  new RegExp(
    "private key|hooks\\.slack|api/webhooks|eyJ|_live_|_test_|whsec_|gh[pousr]_|github_pat|glpat-|xox[a-z]-|xapp-|AKIA|ASIA|" +
      "AIza|ya29|npm_|pypi-|SG\\.|sk-|sntry[su]_|hvs\\.|dop_v1|shp(?:at|ca|pa|ss)_",
    "i",
  ),
  new RegExp(
    String.raw`\d{4}${SEPARATOR}?\d{4,6}${SEPARATOR}?\d{4}|[a-z]{2}\d{2}${SEPARATOR}?[a-z0-9]{4}${SEPARATOR}?[a-z0-9]{4}`,
    "i",
  ),
];

/** A password may hold any sign but blanks and quotes; what follows a port is a path. */
const AUTHORITY_WITH_SLASH = /:\/\/[^\s/?#"'<>:@[]{0,128}:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>@]{1,512}@/g;
const AUTHORITY = /:\/\/[^\s/?#"'<>]+@/g;
const QUERY_VALUE = /([?&][^=&?\s#"'<>]{1,128}=)(?!\[Filtered\])[^&\s#"<>]+/g;
const AUTHORIZATION = new RegExp(
  String.raw`${assign("authorization")}(\\{0,3}["']?)(?:Digest\s[^\n]*|(?:[A-Za-z][\w-]{1,24}\s{1,4})?[^\s"',;\\]+)`,
  "gi",
);
const COOKIE = new RegExp(String.raw`${assign("cookies?")}(?:(\\{0,3}["'])[^"'\\]*|[^\n]+)`, "gi");
const ASSIGNMENT = new RegExp(
  String.raw`${assign(NAMES)}(?!\\{0,3}["']?(?:\[Filtered\]|\?(?:[\\"'&\s#]|$)|(?:null|undefined|true|false)\b))` +
    String.raw`(?:(\\{1,3}["'])[^"'\\]+|(")(?:[^"\\]|\\.)+|(')(?:[^'\\]|\\.)+|[^\s"',;&}<>\\]+)`,
  "gis",
);
const BEARER = /\b(bearer(?:\s|%20|\+){1,4})(?!auth|token\b|scheme\b)[\w.~+/=-]{8,}/gi;
const BASIC = /\b([Bb]asic(?: |%20|\+))(?=[A-Za-z+/]{0,64}[A-Z0-9])[A-Za-z0-9+/]{8,}={0,2}/g;
/** Begins where a word begins, so that a long word is looked at once. `order@1.2.3-rc.one` is a release. */
const E_MAIL =
  /(?<![^\s@<>"'`(),:;=/?&#[\]{}|\\])[^\s@<>"'`(),:;=/?&#[\]{}|\\]+(?:@|%40)(?!v?\d+\.\d+\.\d)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62}/gu;
/** https://www.mongodb.com/docs/manual/reference/error-codes/ (11000): the value may hold any sign. */
const MONGO_DUPLICATE = /(dup key: )\{[^\n]*/g;
const SQL_DUPLICATE = /(Duplicate entry )'(?:[^'\n]|'(?! for key))*'?|(Key \([^)\n]{1,256}\)=)\([^\n]*/g;

function hasAny(text: string, patterns: readonly RegExp[]): boolean {
  for (const pattern of patterns) if (pattern.test(text)) return true;
  return false;
}

function isPartOfId(match: string, offset: number, text: string, ids: Iterable<string>): boolean {
  for (const id of ids) {
    const from = text.indexOf(id, Math.max(0, offset + match.length - id.length));
    if (from >= 0 && from <= offset) return true;
  }
  return false;
}
