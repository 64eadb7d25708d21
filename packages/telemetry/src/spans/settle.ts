export interface Outcome {
  /** Called with what was thrown, before it is thrown on. */
  readonly failed?: (error: unknown) => void;
  /** Called at the end in either case. */
  readonly finished?: () => void;
}

/** Runs `fn` and tells what became of it, when it has returned or its promise has settled. */
export function settle<T>(fn: () => T, { failed, finished }: Outcome): T {
  const fail = (error: unknown): never => {
    failed?.(error);
    finished?.();
    throw error;
  };
  let result: T;
  try {
    result = fn();
  } catch (error) {
    return fail(error);
  }
  if (isPromiseLike(result)) {
    const settled = result.then((value) => {
      finished?.();
      return value;
    }, fail);
    return settled as T;
  }
  finished?.();
  return result;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
  } catch {
    return false; // a proxy that does not let us look
  }
}
