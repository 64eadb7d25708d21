/** The errors that stand in the log already, with their stack. */
const logged = new WeakSet<object>();

/** Notes that `error` was written to the log; false when it had been before. */
export function noteLogged(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  if (logged.has(error)) return false;
  logged.add(error);
  return true;
}
