import type { Receiver } from "@tracebridge/receivers";
import { readReceivedSpans } from "./received-span.ts";
import type { ReceivedSpans } from "./received-span.ts";

/** What arrived of one trace. Matchers take it in place of the receiver. */
export interface ReceivedTrace {
  readonly traceId: string;
  readonly sentry: Pick<Receiver["sentry"], "spans" | "events" | "logs">;
  readonly otlp: Pick<Receiver["otlp"], "spans" | "logs">;
}

/** The part of a receiver of which a trace is made. */
export type ReceivedSignals = Omit<ReceivedTrace, "traceId">;

export interface WaitForTraceOptions {
  /** How many spans the whole trace has; left out, it is whole when both back ends have the same spans. */
  readonly spans?: number;
  readonly timeoutMillis?: number;
}

/** Below the 5 s that Vitest and Jest give a test, so that the error with the list is the one that is seen. */
const waitMillis = 4_000;

/**
 * What has arrived of a trace up to now; empty lists when nothing has.
 *
 * @throws TypeError when `receiver` is none
 */
export function findTrace(receiver: ReceivedSignals, traceId: string): ReceivedTrace {
  readReceivedSpans(receiver);
  const ofTrace = <T extends { traceId?: string }>(list: readonly T[]): T[] =>
    list.filter((item) => item.traceId === traceId);
  const { sentry, otlp } = receiver;
  return {
    traceId,
    sentry: { spans: ofTrace(sentry.spans), events: ofTrace(sentry.events), logs: ofTrace(sentry.logs) },
    otlp: { spans: ofTrace(otlp.spans), logs: ofTrace(otlp.logs) },
  };
}

/**
 * Waits until a trace has arrived at both back ends: as many spans as it has, or, when that is not said, the same spans
 * at both and at least one. Services send at different times: without a number, end the processes first.
 *
 * @throws Error on time-out that says what did arrive
 */
export async function waitForTrace(
  receiver: ReceivedSignals & Pick<Receiver, "waitFor">,
  traceId: string,
  { spans, timeoutMillis = waitMillis }: WaitForTraceOptions = {},
): Promise<ReceivedTrace> {
  const wanted = spans === undefined ? "the same spans of" : `${spans} spans of`;
  await receiver.waitFor(
    `${wanted} trace ${traceId} at both back ends`,
    () => isWhole(findTrace(receiver, traceId), spans),
    timeoutMillis,
  );
  return findTrace(receiver, traceId);
}

function isWhole({ sentry, otlp }: ReceivedSpans, count: number | undefined): boolean {
  const [here, there] = [sentry, otlp].map(({ spans }) => new Set(spans.map(({ spanId }) => spanId)));
  if (!here || !there) return false;
  if (count !== undefined) return here.size >= count && there.size >= count;
  return here.size > 0 && here.size === there.size && [...here].every((spanId) => there.has(spanId));
}
