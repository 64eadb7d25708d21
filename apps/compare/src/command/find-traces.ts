import type { TraceSummary, TraceView } from "../trace/model.ts";
import { CommandError } from "./command-error.ts";

const timeoutMillis = 10_000;

/**
 * The trace of an order or trace id. An order's own trace has far more spans than the requests that only asked for
 * its status: the largest one, which compare lists first, is meant; the others are named.
 *
 * @throws CommandError when compare cannot be asked, or knows nothing by that id
 */
export async function findTraces(
  id: string,
  compareUrl: string,
): Promise<{ trace: TraceView; otherTraceIds: string[] }> {
  const found = (await ask(compareUrl, `/api/traces?query=${encodeURIComponent(id)}`)) as TraceSummary[];
  const [largest, ...others] = found;
  if (!largest) {
    throw new CommandError(
      1,
      `Nothing is known of "${id}" at ${compareUrl}.\n` +
        "Spans arrive up to a second after they end: try again in a moment. Is the id right, and does " +
        "OTEL_TRACES_EXPORTER of the services name sentry or otlp?",
    );
  }
  const trace = (await ask(compareUrl, `/api/traces/${largest.traceId}`)) as TraceView;
  return { trace, otherTraceIds: others.map((other) => other.traceId) };
}

async function ask(compareUrl: string, path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, compareUrl), { signal: AbortSignal.timeout(timeoutMillis) });
  } catch (cause) {
    throw new CommandError(
      2,
      `Compare does not answer at COMPARE_URL=${compareUrl}. Start the stack with npm start, or set COMPARE_URL ` +
        `to where it runs. (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  try {
    if (response.ok) return await response.json();
  } catch {
    // Told below: whatever answers there, it is not compare.
  }
  throw new CommandError(
    2,
    `COMPARE_URL=${compareUrl} answers ${path} with status ${response.status} and not as compare does. ` +
      "Is another program on that port?",
  );
}
