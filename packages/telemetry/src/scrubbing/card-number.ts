/** Between the groups of a number, as people write and URLs encode it. */
export const SEPARATOR = String.raw`(?:[ \u00a0.+-]|%20)`;

/** Where a number or a token may begin: after a sign that is no letter and no digit, or that stands percent-encoded. */
export const START = String.raw`(?:(?<=%[0-9A-Fa-f]{2})|(?<![A-Za-z0-9]))`;

/**
 * 14 to 19 digits that stand by themselves, or in the groups that cards are printed with. UUIDs, hexadecimal ids and
 * fractions hold digits, too: what touches a letter, a digit or a decimal point is no card.
 */
const CARD_LIKE = new RegExp(
  String.raw`${START}(?<!\d[.,])(?:(?:\d{14,19}|\d{4}(${SEPARATOR})\d{4}\1\d{4}\1\d{4}|\d{4}(${SEPARATOR})\d{6}\2\d{4,5})` +
    String.raw`(?:${SEPARATOR}\d{1,3})?)(?![A-Za-z0-9])`,
  "g",
);
const LAST_GROUP = new RegExp(String.raw`${SEPARATOR}\d{1,3}$`);

/** Replaces each card number of `text`, unless `replace` gives it back. */
export function replaceCards(text: string, replace: (card: string, offset: number) => string): string {
  let result = "";
  let done = 0;
  CARD_LIKE.lastIndex = 0;
  for (let match = CARD_LIKE.exec(text); match; match = CARD_LIKE.exec(text)) {
    const { index, 0: found } = match;
    // What follows may be the last group of the number, or a number of its own.
    const card = [found, found.replace(LAST_GROUP, "")].find(isCardNumber);
    if (card === undefined) {
      // A card may begin within: "2026 4111 1111 1111 1111".
      CARD_LIKE.lastIndex = index + 1;
    } else {
      result += text.slice(done, index) + replace(card, index);
      done = index + card.length;
      CARD_LIKE.lastIndex = done;
    }
  }
  return done === 0 ? text : result + text.slice(done);
}

/**
 * The brands by prefix and length. Without them, one in ten long numbers would pass for a card.
 * https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN)
 */
const BRANDS = new RegExp(
  [
    String.raw`^4\d{15}(?:\d{3})?$`, // Visa
    String.raw`^(?:5[1-5]|2[2-7])\d{14}$`, // Mastercard, Mir
    String.raw`^3[47]\d{13}$`, // American Express
    String.raw`^3(?:0[0-59]|[68]\d|9\d)\d{11}(?:\d{2})?$`, // Diners Club
    String.raw`^35\d{14,17}$`, // JCB
    String.raw`^(?:5[0678]|6\d)\d{14,17}$`, // Maestro, Discover, UnionPay
  ].join("|"),
);

/** Whether this is a card by brand, length and check digit; separators do not matter. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll("%20", "").replaceAll(/\D/g, "");
  return BRANDS.test(digits) && hasLuhnChecksum(digits);
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
