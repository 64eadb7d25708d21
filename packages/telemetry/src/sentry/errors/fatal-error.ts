const LONGEST_MILLIS = 5_000;

/**
 * What happens after an uncaught exception was captured and no other listener wants to decide: what Node would do
 * itself, print it and exit with code 1, only that telemetry is sent first.
 */
export function createFatalErrorHandler(shutdown: () => Promise<void>): (error: Error) => void {
  let isEnding = false;
  return (error) => {
    if (isEnding) return;
    isEnding = true;
    console.error(error);
    void endProcess(shutdown);
  };
}

async function endProcess(shutdown: () => Promise<void>): Promise<void> {
  setTimeout(() => process.exit(1), LONGEST_MILLIS).unref();
  try {
    await shutdown();
  } finally {
    process.exit(1);
  }
}
