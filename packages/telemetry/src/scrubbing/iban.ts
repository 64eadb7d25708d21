import { SEPARATOR, START } from "./card-number.ts";

/**
 * Countries and the length of their account numbers; with it, hardly anything else passes the check digits.
 * https://www.swift.com/standards/data-standards/iban-international-bank-account-number
 */
const LENGTHS = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

const HEAD = new RegExp(String.raw`${START}[A-Z]{2}\d{2}(?=${SEPARATOR}?[A-Z0-9]{4})`, "gi");
const BETWEEN = new RegExp(SEPARATOR, "y");

/** Replaces each IBAN of `text` whose check digits are right, unless `replace` gives it back. */
export function replaceIbans(text: string, replace: (iban: string, offset: number) => string): string {
  let result = "";
  let done = 0;
  for (const { index, 0: head } of text.matchAll(HEAD)) {
    const end = index < done ? undefined : findEnd(text, index, LENGTHS.get(head.slice(0, 2).toUpperCase()));
    if (end === undefined) continue;
    result += text.slice(done, index) + replace(text.slice(index, end), index);
    done = end;
  }
  return done === 0 ? text : result + text.slice(done);
}

/**
 * Where the account number that begins at `start` ends; `undefined` when it is none. It stands in one piece or, as on
 * paper, in capitals and in groups of four.
 */
function findEnd(text: string, start: number, length: number | undefined): number | undefined {
  if (length === undefined) return undefined;
  BETWEEN.lastIndex = start + 4;
  const separator = BETWEEN.exec(text)?.[0] ?? "";
  const sign = separator === "" ? /[A-Za-z0-9]/ : /[A-Z0-9]/;
  let compact = "";
  let end = start;
  while (compact.length < length) {
    if (compact.length > 0 && compact.length % 4 === 0) {
      if (!text.startsWith(separator, end)) return undefined;
      end += separator.length;
    }
    const next = text.charAt(end);
    if (!sign.test(next)) return undefined;
    compact += next;
    end += 1;
  }
  return /[A-Za-z0-9]/.test(text.charAt(end)) || !hasCheckDigits(compact) ? undefined : end;
}

/** ISO 7064, MOD 97-10: https://en.wikipedia.org/wiki/International_Bank_Account_Number#Validating_the_IBAN */
function hasCheckDigits(iban: string): boolean {
  let remainder = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
