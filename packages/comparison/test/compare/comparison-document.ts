import type { TraceFormat } from "../../src/index.ts";
import { clockSkewRule } from "../../src/compare/rules/clock-skew.ts";
import type { Rule } from "../../src/compare/rules/rule.ts";
import { ruleTable } from "../../src/compare/rules/table.ts";

const formats: readonly TraceFormat[] = ["otlp", "jaeger-v3", "jaeger-v1", "sentry", "sentry-api"];

const introduction = `# Comparison

How two views of one trace are compared, and every reason why they may differ and still tell the same story. The rules are
generated from the table in \`packages/comparison/src/compare/rules\`, and a test fails when the two differ.

\`compareTraces(left, right, options)\` takes two traces in the words of one model, whatever they came from, and returns what each
side has, every difference, and the rules that explain them. \`alignTraces(left, right)\` returns both as one tree.

## What is compared

Spans are joined by their id. Spans that share an id find their partner by service, kind and name, then by time; one too many is a
span that the other side lacks. Of a span on both sides everything is compared that both formats have: parent, name, service, kind,
op, segment, status and its message, start, duration, attributes, events, links, trace state and flags. Resources and scopes are the same
on many spans: a difference there is told once for each service. Errors are joined by event id where both sides have issues, and by
span and title where one side has issues and the other exceptions on spans. Logs have no id: the most alike (span, text, level, time)
are partners, each once.

A difference has a verdict:

- \`explained\`: a rule below predicts exactly this value from what the other side has. Any other value is unexplained.
- \`unexplained\`: the sides contradict each other. Where something must follow from the other side and is missing (a streamed span of
  Sentry without its op), the value that must follow stands for the side that implies it.
- \`late\`: one side lacks a span, an error or a log that ended less than \`graceMillis\` (10,000 unless told) before \`nowMillis\`,
  or up to five minutes after it, by a clock that is ahead. Without
  \`nowMillis\` nothing is late.

One cause is one difference: a name that is changed on a segment is not told again by each span that repeats it.

And so has the comparison:

- \`equal\`: every difference is explained.
- \`different\`: at least one is unexplained.
- \`incomplete\`: none is unexplained, but some are late.
- \`one-sided\`: one side has spans and the other has none.
- \`no-spans\`: neither has one, only errors or logs.

## Times

Start and duration may differ by \`toleranceMillis\`, 1 unless told, and are equal then. The tolerance is never smaller than what a
format cannot hold: 0.5 µs for Sentry, whose times are seconds in floating point, and 1 µs for Jaeger's API v1, which cuts start and
duration to whole microseconds.

**Clock skew.** Jaeger corrects clocks that it takes for wrong. Where one side comes from it and all spans of a service, two at least, start
earlier or later there by the same time (within the tolerance, an hour at most), that is explained, and the explanation names service and
time. One span alone, or spans that are not all shifted by the same, stay unexplained; so does any shift between Sentry and OTLP, whose
times are of one clock. Services' clocks may differ from each other: a child may lie outside its parent, and nothing here minds.

**Critical path.** The walk goes back from the last end of all: at each moment it is in the child that finished last, and where no child was
running, in the span itself. A child counts with all below it, so a consumer that outlasts its producer is on the path; the time between
the end of a span and the start of what it caused (a message in its queue) is the span's. The shares do not overlap and add up to the
time from the root's start to the last end below it. Of several roots the one that reaches furthest counts. Web vitals of a page are never
on the path, in no view: their spans (op \`ui.webvital.*\`, or \`ui.interaction.\` with \`click\`, \`drag\`, \`hover\` or \`press\`) are how Sentry is
told a measurement, for which OpenTelemetry has [events](https://opentelemetry.io/docs/specs/semconv/browser/events/). They are compared as all
spans are, and count in how long the trace took.

## What no format tells

- A metric, a profile, a session, a check-in: they are not of the trace.
- An attribute on Sentry's scope (\`scope.setAttributes\`) is on Sentry's spans alone, with a name of the application's choosing: nothing
  predicts it, so it is unexplained. Set it on the span.
- What the application's \`beforeSendSpan\` changed, and a parent that a request named for Sentry alone (\`sentry-trace\` beside another
  \`traceparent\`): OpenTelemetry knows of neither, so they are unexplained.
- An environment other than the resource's, and a release that is another version of the service than the resource's: the two back ends were
  told different things.
- A name given with \`updateName\` to a request, a query, a message or a layer that an instrumentation named: Sentry names those by their
  attributes. Give Sentry's name as \`sentry.custom_span_name\`.
- Errors or logs that are switched off for one side, or that Sentry was told to ignore: no trace says so.
- The sampling context in the header of an envelope (\`trace\`), and whether a sample rate is the one that was set: OpenTelemetry has neither.
- Jaeger's API v1, Badger and Cassandra have tags for what OTLP has fields for (\`otel.status_code\`, \`w3c.tracestate\`, \`span.kind\`, …). An
  attribute that the application gave such a name cannot be told from them. Badger keeps one of several spans that share an id and a start.
- Jaeger without \`raw\` changes a trace before it shows it (new ids for servers that share one with their client, among others). Ask for the
  raw one.

## Rules

Each predicts one value. The formats are those between which it holds, in either order of the arguments.
`;

/** The page that a test holds against docs/comparison.md. */
export function renderComparisonDocument(): string {
  const groups = ruleTable.map(
    ({ subject, rules }) => `### ${subject}\n\n${rules.map(renderRule).join("\n")}`,
  );
  const { title, reason, source } = clockSkewRule("order", 250e6);
  const skew = `### Clocks

#### \`clock-skew:SERVICE\`

${title}, for example.

- Why: ${reason}
- Field: start
- Formats: any
- Source: <${source}>
`;
  return [introduction, ...groups, skew].join("\n");
}

function renderRule(rule: Rule): string {
  const { id, title, reason, source, field, key } = rule;
  return `#### \`${id}\`

${title}.

- Why: ${reason}
- Field: ${field}${key === undefined ? "" : ` \`${key}\``}
- Formats: ${renderFormats(rule)}
- Source: <${source}>
`;
}

function renderFormats({ isBetween }: Rule): string {
  const pairs = formats.flatMap((rich, index) =>
    formats.slice(index).flatMap((poor) => (isBetween(rich, poor) ? [[rich, poor] as const] : [])),
  );
  if (pairs.length === (formats.length * (formats.length + 1)) / 2) return "any";
  const bySource = Map.groupBy(pairs, ([rich]) => rich);
  const byTargets = Map.groupBy(bySource, ([, list]) => list.map(([, poor]) => poor).join(", "));
  return [...byTargets]
    .map(([targets, sources]) => `${sources.map(([source]) => source).join(", ")} to ${targets}`)
    .join("; ");
}
