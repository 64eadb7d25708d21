import { createHmac } from "node:crypto";
import { z } from "zod";

/** With the angle brackets around it, a path of SMTP has 256 characters. https://www.rfc-editor.org/errata/eid1690 */
const maxLength = 254;
/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.1 */
const maxLocalLength = 64;
const logHashLength = 12;

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
/**
 * `Dot-string@Domain` of https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2. Quoted local parts and addresses of
 * hosts in brackets are not taken: nearly nobody has one, and both may hold what a header must not.
 */
const mailbox = new RegExp(`^(?<local>${atom}(?:\\.${atom})*)@${label}(?:\\.${label})*$`);

/**
 * An e-mail address as a mail server takes it, in ASCII, made comparable: without white space around it, in lower case.
 * The pattern comes before the lower case: the Kelvin sign (U+212A) would become a "k".
 */
export const emailAddressSchema = z
  .string()
  .max(4 * maxLength)
  .trim()
  .max(maxLength)
  .refine(isMailbox)
  .toLowerCase();

function isMailbox(text: string): boolean {
  const local = mailbox.exec(text)?.groups?.["local"];
  return local !== undefined && local.length <= maxLocalLength;
}

/**
 * What stands for an address in logs and in counters: the same for the same address, and nobody without the secret finds
 * the address by trying.
 *
 * @param address as `emailAddressSchema` gives it
 * @returns 12 hexadecimal digits
 */
export function hashEmailAddress(secret: string, address: string): string {
  // The prefix keeps it apart from what else the secret signs: no id of a request has a colon.
  return createHmac("sha256", secret)
    .update(`email:${address}`, "utf8")
    .digest("hex")
    .slice(0, logHashLength);
}
