// An application that knows OpenTelemetry's API only; prints the headers it would send.
import { SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("shop");
tracer.startActiveSpan("job", (job) => {
  const headers = {};
  propagation.inject(context.active(), headers);
  console.log(Object.keys(headers).toSorted().join(" "));
  tracer.startActiveSpan("step", (step) => {
    step.recordException(new Error("out of stock"));
    step.setStatus({ code: SpanStatusCode.ERROR, message: "out of stock" });
    step.end();
  });
  job.end();
});
