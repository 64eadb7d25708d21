const longestId = 64;

export type OrderIdReading =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly message: string };

/** Reads an order id from what somebody typed: `^[A-Za-z0-9-]{1,64}$` without the spaces around it. */
export function readOrderId(text: string): OrderIdReading {
  const id = text.trim();
  if (id === "") return { ok: false, message: "Type an order id, for example alice or 2." };
  const [stranger] = id.replaceAll(/[A-Za-z0-9-]/g, "");
  if (stranger !== undefined) {
    const name = /\s/.test(stranger) ? "a space" : `“${stranger}”`;
    return { ok: false, message: `Use letters A to Z, digits and hyphens only; ${name} is not allowed.` };
  }
  if (id.length > longestId) {
    return { ok: false, message: `Use at most ${longestId} characters; this id has ${id.length}.` };
  }
  return { ok: true, id };
}

/** A fresh random UUID (version 4). */
export function createOrderId(source: Pick<Crypto, "getRandomValues"> & Partial<Crypto> = crypto): string {
  // Browsers offer randomUUID on https and localhost only.
  // https://developer.mozilla.org/en-US/docs/Web/API/Crypto/randomUUID
  if (source.randomUUID !== undefined) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => uuidByte(byte, index).toString(16).padStart(2, "0")).join(
    "",
  );
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Sets the version and variant bits: https://www.rfc-editor.org/rfc/rfc9562#section-5.4 */
function uuidByte(byte: number, index: number): number {
  if (index === 6) return (byte & 0x0f) | 0x40;
  if (index === 8) return (byte & 0x3f) | 0x80;
  return byte;
}
