/**
 * 53 bits of a text, two FNV-1a hashes side by side: what SQLite and JavaScript both hold as an integer. Not for secrets
 * or signatures; two texts share one by accident about never.
 * http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function hashText(text: string): number {
  let low = 0x81_1c_9d_c5;
  let high = 0x9d_c5_81_1c;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01_00_01_93);
    high = Math.imul(high ^ (unit + index), 0x01_00_01_93);
  }
  return ((high ^ (high >>> 15)) & 0x1f_ff_ff) * 2 ** 32 + ((low ^ (low >>> 13)) >>> 0);
}
