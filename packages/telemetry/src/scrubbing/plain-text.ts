/**
 * Whether scrubText has nothing to find in `text`, in one pass over it; `false` says nothing. Whatever is replaced has a
 * sign in it (`:`, `=`, `-`, a blank, …) after certain letters, so only signs are looked at, by the two letters before
 * them. Regular expressions for the same take three times as long: they try each alternative at every letter.
 */
export function isPlainText(text: string): boolean {
  const { length } = text;
  let wordStart = 0;
  let pair = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    const sign = SIGNS[code] ?? 0;
    if (sign !== 0) {
      const found = (BEFORE[pair] ?? 0) & sign;
      if (found !== 0 && isConspicuous(text, wordStart, at, found)) return false;
      if (sign !== PREFIX) {
        if (isLongNumber(text, wordStart, at)) return false;
        wordStart = at + 1;
      }
    }
    pair = ((pair << 7) | code) & 0x3fff;
  }
  return !isLongNumber(text, wordStart, length);
}

/** What a sign asks of the two before it, and what these answer. */
const ALWAYS = 1;
const NAME = 2;
const TOKEN = 4;
const PREFIX = 8;
const GROUP = 16;

/** By code, what a sign asks for. Letters and digits ask for nothing, but for those that end a prefix. */
const SIGNS = new Uint8Array(128);
/** By the codes of two signs beside each other, what they answer. */
const BEFORE = new Uint8Array(128 * 128).fill(ALWAYS);

/** Words that are nothing without what follows them; those with which webhooks, tokens and credentials begin. */
const TOKEN_WORDS = new Set(
  (
    "bearer basic sk pk rk whsec ghp gho ghu ghs ghr github glpat xapp ya29 npm pypi sg sntrys sntryu hvs " +
    "dop shpat shpca shppa shpss " +
    Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `xox${letter}`).join(" ")
  ).split(" "),
);
const LONGEST_TOKEN_WORD = 6;
/** `hooks.slack.com`, `/webhooks/`: any word may end so. */
const WEBHOOK = "hooks";
const PREFIXES = /^(?:---|eyJ|[KS]IA|.?AI|y ')$/s;

/** The last letters of the names that text.ts looks for, and what may stand between a name and its value. */
const NAME_ENDS = "rd wd se et en al ls ey id ig vv vc sn an on ie es".split(" ");
const GAPS = " \t\n\v\f\r\"'\\";
/** What scrubUrl leaves of a value, and the names after which even that is replaced. */
const EMPTY_VALUE = /=\?(?:[&#\s]|$)/y;
const NAME_OF_ALL = /(?:^|cookies?|authorization)$/i;

const LONG_NUMBER = /^(?:\d{14,}|[a-z]{2}\d{2}[a-z0-9]{11,})$/i;
const GROUPS =
  /(?:\d{4}[ .+-](?:\d{4}[ .+-]\d{4}|\d{6})[ .+-]\d{4}|[A-Z]{2}\d{2}[ .+-](?:[A-Z0-9]{4}[ .+-]){2}[A-Z0-9]{3})/y;

const ascii = Array.from(SIGNS, (_, code) => String.fromCharCode(code));
ask(
  TOKEN,
  ascii.filter((sign) => !/[A-Za-z0-9]/.test(sign)),
);
ask(ALWAYS, "@%=");
ask(NAME, ":=");
ask(PREFIX, "-JIA'");
ask(GROUP, " .+-");
for (const end of NAME_ENDS) answer(NAME, end[0], end[1]);
for (const gap of GAPS) answer(NAME, ascii, gap);
for (const word of [...TOKEN_WORDS, WEBHOOK]) answer(TOKEN, word.at(-2), word.at(-1));
answer(PREFIX, ascii, "-A ");
answer(PREFIX, "eKS", "yI");
answer(GROUP, "0123456789", "0123456789");

function ask(what: number, signs: Iterable<string>): void {
  for (const sign of signs) {
    const code = sign.charCodeAt(0);
    SIGNS[code] = (SIGNS[code] ?? 0) | what;
  }
}

/** Upper case answers as lower case does. */
function answer(what: number, firsts: Iterable<string> = "", seconds: Iterable<string> = ""): void {
  for (const first of withUpperCase(firsts)) {
    for (const second of withUpperCase(seconds)) {
      const index = (first.charCodeAt(0) << 7) | second.charCodeAt(0);
      BEFORE[index] = (BEFORE[index] ?? 0) | what;
    }
  }
}

function withUpperCase(signs: Iterable<string>): string[] {
  return Array.from(signs, (sign) => [sign, sign.toUpperCase()]).flat();
}

/** Whether the sign at `at`, which has `found` what it asked for, may be a part of a secret. */
function isConspicuous(text: string, wordStart: number, at: number, found: number): boolean {
  if ((found & (ALWAYS | NAME)) !== 0) {
    if (!matchesAt(EMPTY_VALUE, text, at)) return true;
    if ((found & NAME) !== 0 && NAME_OF_ALL.test(text.slice(wordStart, at))) return true;
  }
  if ((found & PREFIX) !== 0 && PREFIXES.test(text.slice(Math.max(0, at - 2), at + 1))) return true;
  if ((found & GROUP) !== 0 && at - wordStart === 4 && matchesAt(GROUPS, text, wordStart)) return true;
  if ((found & TOKEN) === 0) return false;
  return text.endsWith(WEBHOOK, at) || isTokenWord(text, wordStart, at);
}

function isTokenWord(text: string, start: number, end: number): boolean {
  return end - start <= LONGEST_TOKEN_WORD && TOKEN_WORDS.has(text.slice(start, end).toLowerCase());
}

/** Whether a card or an account number may be written in this word. */
function isLongNumber(text: string, start: number, end: number): boolean {
  return end - start >= 14 && LONG_NUMBER.test(text.slice(start, end));
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
