/** Long enough to tell errors apart, short enough to survive the cutting of long attributes. */
const LENGTH = 1_024;

/**
 * The same for an error and for the span event that `recordException` makes of it, which holds texts only. The stack
 * begins with the message and names the place.
 */
export function createErrorKey(stack: unknown, message: unknown): string | undefined {
  if (typeof stack === "string" && stack !== "") return stack.slice(0, LENGTH);
  if (typeof message === "string" && message !== "") return message.slice(0, LENGTH);
  return undefined;
}

export function readErrorKey(error: unknown): string | undefined {
  if (error instanceof Error) return createErrorKey(error.stack, error.message);
  if (typeof error === "string") return createErrorKey(undefined, error);
  try {
    return createErrorKey(undefined, JSON.stringify(error) ?? String(error));
  } catch {
    return undefined;
  }
}
