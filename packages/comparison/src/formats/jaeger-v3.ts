import { isFields, readOtlpRequest, readString } from "@tracebridge/receivers";
import type { Trace, TraceSpan } from "../model.ts";
import { CollectedTraces, type TracesRead } from "./collected-traces.ts";
import { describeFound, FormatError, quote } from "./format-error.ts";
import { readOnlyTrace } from "./only-trace.ts";
import { readOtlpSpan } from "./otlp.ts";

const expected = 'an answer of Jaeger\'s API v3, {"result":{"resourceSpans":[…]}}';
/** Jaeger's own remarks, not the sender's. */
const warningsKey = "@jaeger@warnings";

/**
 * The trace in an answer of `GET /api/v3/traces/{id}`.
 *
 * @returns undefined when it has no spans
 * @throws FormatError when it is no such answer, has several traces, or a span that is broken
 */
export function readJaegerV3Trace(json: unknown): Trace | undefined {
  return readOnlyTrace(readJaegerV3Answers([json]), expected);
}

/** All traces of an answer, that of a search too, which may come in several objects. */
export function readJaegerV3Answers(answers: readonly unknown[]): TracesRead {
  const collected = new CollectedTraces("jaeger-v3");
  for (const answer of answers) {
    const { result, error } = isFields(answer) ? answer : {};
    const message = isFields(error) ? readString(error["message"]) : undefined;
    if (message !== undefined) throw new FormatError(`Jaeger answers with an error: ${quote(message)}.`);
    if (!isFields(result)) throw new FormatError(`Expected ${expected}, found ${describeFound(answer)}.`);
    const { spans, rejected } = readOtlpRequest(result);
    for (const span of spans) collected.addSpan(withoutWarnings(readOtlpSpan(span)));
    for (const { reason, count } of rejected) collected.skip(reason, count);
  }
  return collected.finish();
}

function withoutWarnings(span: TraceSpan): TraceSpan {
  const { [warningsKey]: warnings, ...attributes } = span.attributes;
  return warnings === undefined ? span : { ...span, attributes };
}
