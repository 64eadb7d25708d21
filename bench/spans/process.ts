import { getTelemetry } from "@tracebridge/telemetry";
import { answerCalls } from "./answer-calls.ts";
import { countTimers } from "./count-timers.ts";
import { createOtelTraces, createSentryTraces, openTrace, readSentry } from "./make-traces.ts";
import { act, actAsFastAsItGoes, actAtRate } from "./pace.ts";
import { sentRequests } from "./sent-requests.ts";
import { watchMemory } from "./watch-memory.ts";

/** A process that makes spans and does nothing else; started with the telemetry to measure, told what to do by its parent. */
const sentry = readSentry();
const makeTrace = sentry ? createSentryTraces(sentry) : createOtelTraces();
let open: (() => void)[] = [];

answerCalls({
  make: ({ traces, spansPerTrace, tracesPerSecond }) =>
    actAtRate(traces, tracesPerSecond, () => makeTrace(spansPerTrace)),
  burst: ({ traces, spansPerTrace }) => actAsFastAsItGoes(traces, () => makeTrace(spansPerTrace)),
  open: ({ traces, spansPerTrace }) => act(traces, () => open.push(openTrace(spansPerTrace))),
  end: async (millis) => {
    await actAtRate(open.length, open.length / (millis / 1000), (index) => open[index]?.());
    open = [];
  },
  readSent: () => ({ count: sentRequests.count, bytes: sentRequests.bytes }),
  keepSent: (isKept) => {
    const { kept = [] } = sentRequests;
    sentRequests.kept = isKept ? [] : undefined;
    return kept;
  },
  readPeak: watchMemory(),
  countTimers,
  readResources: () => process.getActiveResourcesInfo(),
  readStats: () => getTelemetry()?.stats(),
});
