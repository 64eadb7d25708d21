import type { Headers, ServiceRun, Transport } from "./running-service.ts";

/** Sentry's dynamic sampling context. */
export type Dsc = Readonly<Record<string, string>>;

/** What one back end received of one service's part of a trace. */
interface Part {
  /** The span of the service before that this one continues; absent at the head. */
  readonly parentSpanId: string | undefined;
  /** The span that called the next service; absent at the end of the chain. */
  readonly callingSpanId: string | undefined;
  readonly spanCount: number;
}

/** One service's part of the trace. */
export interface Hop {
  readonly traceId: string;
  readonly sdk: ServiceRun["sdk"];
  readonly headers: Headers;
  /** What Sentry received; absent when nothing came. */
  readonly sentry: Part | undefined;
  /** What the OTLP back end received; absent when nothing came. */
  readonly otlp: Part | undefined;
  /** The sampling contexts of the envelopes that carried spans of the trace. */
  readonly dscs: readonly Dsc[];
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

const CALLING_OPS: ReadonlySet<string | undefined> = new Set(["http.client", "queue.publish"]);
const CALLING_KINDS: ReadonlySet<string> = new Set(["client", "producer"]);

/** Follows the trace that went through the services over `transport`, from the head on. */
export function readHops(runs: readonly ServiceRun[], transport: Transport): Hop[] {
  const traceId = readTraceId(runs[1]?.headers[transport] ?? {});
  return runs.map(({ sdk, receiver: { sentry, otlp }, headers }) => {
    const envelopes = sentry.envelopes.filter(({ spans }) => spans.some((span) => span.traceId === traceId));
    return {
      traceId,
      sdk,
      headers: headers[transport] ?? {},
      sentry: readPart(traceId, sentry.spans, ({ op }) => CALLING_OPS.has(op)),
      otlp: readPart(traceId, otlp.spans, ({ kind }) => CALLING_KINDS.has(kind)),
      dscs: envelopes.map(({ header }) => header["trace"] as Dsc),
    };
  });
}

function readTraceId(headers: Headers): string {
  const id = headers["sentry-trace"]?.slice(0, 32) ?? headers["traceparent"]?.slice(3, 35);
  if (id === undefined) throw new Error(`no trace arrived: ${JSON.stringify(headers)}`);
  return id;
}

function readPart<S extends ReceivedSpan>(
  traceId: string,
  all: readonly S[],
  isCalling: (span: S) => boolean,
): Part | undefined {
  const spans = all.filter((span) => span.traceId === traceId);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const [entry, ...others] = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ""));
  if (!entry) return undefined;
  if (others.length > 0) throw new Error(`a trace of several parts: ${JSON.stringify([entry, ...others])}`);
  return {
    parentSpanId: entry.parentSpanId,
    callingSpanId: spans.find(isCalling)?.spanId,
    spanCount: spans.length,
  };
}

/** Sentry's members of the `baggage` header that arrived, without their prefix. */
export function readDscHeader({ baggage = "" }: Headers): Dsc {
  const members = baggage.split(",").map((member) => member.trim().split("="));
  return Object.fromEntries(
    members
      .filter(([key = ""]) => key.startsWith("sentry-"))
      .map(([key = "", value = ""]) => [key.slice("sentry-".length), decodeURIComponent(value)]),
  );
}
