/** The value of what somebody typed, or how to put it right. */
export type Reading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** https://www.rfc-editor.org/errata/eid1690 */
const longestAddress = 254;
/** https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver */
const shortestPassword = 8;
const longestPassword = 128;

/** Reads an e-mail address without the spaces around it. Only mistakes of typing are found: the service decides. */
export function readEmailAddress(text: string): Reading {
  const value = text.trim();
  if (value === "") return { ok: false, message: "Type your e-mail address, for example alice@example.com." };
  if (/\s/.test(value)) return { ok: false, message: "Take out the space: an e-mail address has none." };
  if (!/^[^@]+@[^@]+$/.test(value)) {
    return { ok: false, message: "Write the whole address with one @, for example alice@example.com." };
  }
  if (value.length > longestAddress) {
    return { ok: false, message: `Use at most ${longestAddress} characters; this has ${value.length}.` };
  }
  return { ok: true, value };
}

/** Reads a new password as it is: spaces count. */
export function readNewPassword(value: string): Reading {
  const { length } = value;
  if (length < shortestPassword) {
    const has = length === 0 ? "" : `; this has ${length}`;
    return { ok: false, message: `Use at least ${shortestPassword} characters${has}.` };
  }
  if (length > longestPassword) {
    return { ok: false, message: `Use at most ${longestPassword} characters; this has ${length}.` };
  }
  return { ok: true, value };
}
