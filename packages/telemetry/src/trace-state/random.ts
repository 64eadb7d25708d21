/** Numbers that were drawn and not used yet: to ask the system for each takes longer than all else that is done with it. */
const pool = new Uint32Array(256);
let used = pool.length;

/** A whole number of 32 bits that nobody outside can foresee. */
export function drawNumber(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const drawn = pool[used] ?? 0;
  used += 1;
  return drawn;
}
