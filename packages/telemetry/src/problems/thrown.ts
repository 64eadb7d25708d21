/** The text of anything that can be thrown. Never throws, though what a getter or a proxy does may. */
export function readErrorMessage(error: unknown): string {
  try {
    if (error instanceof Error) return error.message;
    if (typeof error === "string") return error;
    return JSON.stringify(error) ?? String(error);
  } catch {
    return describeThrown(error);
  }
}

/** What went wrong, in one line about a problem: the kind of the error and its message. Never throws. */
export function describeThrown(problem: unknown): string {
  try {
    return String(problem);
  } catch {
    return `an unreadable ${typeof problem}`;
  }
}
