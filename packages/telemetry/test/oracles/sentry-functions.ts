// What an application does by Sentry's own functions, and OpenTelemetry's spans among them.
import { SpanKind, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";

const tracer = trace.getTracer("oracle");

Sentry.startSpan({ name: "root", op: "task", attributes: { shop: "north", tags: ["a", "b"] } }, (root) => {
  root.setAttributes({ count: 2, ratio: 0.5 });
  Sentry.startSpan({ name: "inside", op: "function" }, (span) => {
    span.setAttribute("flag", true).updateName("inside, renamed");
    tracer.startActiveSpan("by OpenTelemetry", { kind: SpanKind.CLIENT }, (child) => {
      Sentry.startSpan({ name: "below OpenTelemetry" }, () => {
        const top = Sentry.getRootSpan(Sentry.getActiveSpan() ?? child);
        top.setAttribute("seen from below", true);
      });
      child.end();
    });
  });
  const inactive = Sentry.startInactiveSpan({ name: "inactive", op: "db.query" });
  Sentry.withActiveSpan(inactive, () => Sentry.startSpan({ name: "below inactive" }, () => {}));
  inactive.setStatus({ code: 2, message: "not_found" }).end();
  Sentry.startInactiveSpan({ name: "by its parent", parentSpan: inactive }).end();
  Sentry.startSpan({ name: "a root of its own", parentSpan: null }, () => {});
  Sentry.startSpan({ name: "a forced segment", forceTransaction: true, op: "job" }, () => {
    Sentry.startSpan({ name: "inside the forced segment" }, () => {});
  });
  Sentry.startSpan({ name: "has a parent", onlyIfParent: true }, () => {});
});

Sentry.startSpan({ name: "has no parent", onlyIfParent: true }, () => {});

Sentry.startSpanManual({ name: "by hand", startTime: 1_700_000_000 }, (span) => {
  Sentry.startInactiveSpan({ name: "in milliseconds", startTime: 1_700_000_000_250 }).end(1_700_000_000_750);
  Sentry.startInactiveSpan({ name: "of a date", startTime: new Date(1_700_000_000_300) }).end([
    1_700_000_000, 4e8,
  ]);
  span.end(1_700_000_001.5);
});

await Sentry.startSpan({ name: "thrown" }, async () => {
  throw new Error("broken");
}).catch(() => undefined);

const scope = Sentry.getCurrentScope().clone();
scope.setAttributes({ region: "eu" });
Sentry.startSpan({ name: "in a scope", scope }, () => {
  Sentry.startInactiveSpan({ name: "below the one in a scope" }).end();
});

Sentry.startSpan({ name: "linked" }, (span) => {
  Sentry.startSpan(
    { name: "links", links: [{ context: span.spanContext(), attributes: { why: "batch" } }] },
    (late) => {
      late.addLink({ context: span.spanContext() });
    },
  );
});

Sentry.continueTrace(
  {
    sentryTrace: "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
    baggage:
      "sentry-trace_id=4bf92f3577b34da6a3ce929d0e0e4736,sentry-public_key=public,sentry-sample_rand=0.25," +
      "sentry-sampled=true,sentry-sample_rate=0.5,sentry-release=elsewhere",
  },
  () =>
    Sentry.startSpan({ name: "continued" }, () => Sentry.startSpan({ name: "below continued" }, () => {})),
);
