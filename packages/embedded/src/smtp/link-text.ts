import escapeHtml from "escape-html";

const webAddress = /\bhttps?:\/\/[^\s<>"'`]+/g;
/** Up to a sentence's own punctuation at the end. From the start only: a search for that end takes the square of its length. */
const withoutPunctuation = /^.*[^.,;:!?)\]]/;

/** Plain text as HTML in which web addresses can be clicked. */
export function linkText(text: string): string {
  let html = "";
  let end = 0;
  for (const { 0: found, index } of text.matchAll(webAddress)) {
    const address = withoutPunctuation.exec(found)?.[0] ?? "";
    if (!URL.canParse(address)) continue;
    const escaped = escapeHtml(address);
    html += `${escapeHtml(text.slice(end, index))}<a href="${escaped}" rel="noreferrer">${escaped}</a>`;
    end = index + address.length;
  }
  return html + escapeHtml(text.slice(end));
}
