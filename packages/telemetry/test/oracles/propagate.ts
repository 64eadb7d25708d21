// What goes out on the active context for each of these ways in, by OpenTelemetry's functions alone.
import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from "@opentelemetry/api";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const dsc =
  `sentry-trace_id=${traceId},sentry-public_key=elsewhere,sentry-release=other%402,sentry-sample_rate=0.5,` +
  "sentry-sample_rand=0.25,sentry-transaction=GET%20%2F%3Aid,sentry-future=kept";

const incoming: Record<string, Record<string, string>> = {
  nothing: {},
  sampled: { "sentry-trace": `${traceId}-${spanId}-1`, baggage: `${dsc},sentry-sampled=true` },
  unsampled: { "sentry-trace": `${traceId}-${spanId}-0`, baggage: `${dsc},sentry-sampled=false` },
  deferred: { "sentry-trace": `${traceId}-${spanId}`, baggage: dsc },
  "sampled, without a context": { "sentry-trace": `${traceId}-${spanId}-1` },
  "unsampled, without a context": { "sentry-trace": `${traceId}-${spanId}-0` },
  "deferred, without a context": { "sentry-trace": `${traceId}-${spanId}` },
  "foreign baggage": {
    "sentry-trace": `${traceId}-${spanId}-1`,
    baggage: `theirs=1,${dsc},sentry-sampled=true`,
  },
};

function inject(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

const tracer = trace.getTracer("oracle");
for (const [name, headers] of Object.entries(incoming)) {
  context.with(propagation.extract(ROOT_CONTEXT, headers), () => {
    const passedOn = inject();
    tracer.startActiveSpan("work", { kind: SpanKind.SERVER }, (span) => {
      const inside = inject();
      tracer.startActiveSpan("step", (child) => {
        const spanIds = { inside: span.spanContext().spanId, deeper: child.spanContext().spanId };
        console.log(JSON.stringify({ name, spanIds, sent: { passedOn, inside, deeper: inject() } }));
        child.end();
      });
      span.end();
    });
  });
}
