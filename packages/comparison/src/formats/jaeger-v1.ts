import { type Fields, isFields, readObjects, readString } from "@tracebridge/receivers";
import { unknownService, type Attributes, type SpanLink, type Trace, type TraceSpan } from "../model.ts";
import { CollectedTraces, type TracesRead } from "./collected-traces.ts";
import { describeFound, FormatError, quote } from "./format-error.ts";
import { readTags, toAttributes, type ReadTag } from "./jaeger-v1-tags.ts";
import { readOnlyTrace } from "./only-trace.ts";
import { isSpanKind } from "./span-kind.ts";
import { readEntries } from "./plain.ts";

const expected = 'an answer of Jaeger\'s API v1, {"data":[{"traceID","spans","processes"}]}';
const statuses: ReadonlyMap<unknown, TraceSpan["status"]> = new Map([
  ["OK", "ok"],
  ["ERROR", "error"],
]);
/** The last whole microsecond that OTLP's times reach. */
const lastMicros = (2n ** 64n - 1n) / 1000n;

interface Process {
  service: string;
  resource: Attributes;
}

/**
 * The trace in an answer of `GET /api/traces/{id}`.
 *
 * @returns undefined when it has no spans
 * @throws FormatError when it is no such answer, has several traces, or a span that is broken
 */
export function readJaegerV1Trace(json: unknown): Trace | undefined {
  return readOnlyTrace(readJaegerV1Answers([json]), expected);
}

/** All traces of answers, those of a search too. */
export function readJaegerV1Answers(answers: readonly unknown[]): TracesRead {
  const collected = new CollectedTraces("jaeger-v1");
  for (const answer of answers) {
    const { data, errors } = isFields(answer) ? answer : {};
    const message = readString(readObjects(errors)[0]?.["msg"]);
    if (message !== undefined) throw new FormatError(`Jaeger answers with an error: ${quote(message)}.`);
    if (!Array.isArray(data)) throw new FormatError(`Expected ${expected}, found ${describeFound(answer)}.`);
    for (const trace of readObjects(data)) readTrace(trace, collected);
  }
  return collected.finish();
}

function readTrace(trace: Fields, collected: CollectedTraces): void {
  const processes = isFields(trace["processes"]) ? trace["processes"] : {};
  const read = new Map(Object.entries(processes).map(([id, process]) => [id, readProcess(process)]));
  for (const span of readEntries(trace["spans"])) readSpan(span, read, collected);
}

function readProcess(process: unknown): Process {
  const { serviceName, tags } = isFields(process) ? process : {};
  const service = readString(serviceName);
  return {
    service: service ?? unknownService,
    resource: {
      ...toAttributes(readTags(tags)),
      ...(service === undefined ? {} : { "service.name": service }),
    },
  };
}

function readSpan(span: Fields, processes: ReadonlyMap<unknown, Process>, collected: CollectedTraces): void {
  const traceId = readId(span["traceID"], 32);
  const spanId = readId(span["spanID"], 16);
  const start = readMicros(span["startTime"]);
  const duration = readMicros(span["duration"]);
  if (traceId === undefined || spanId === undefined) return collected.skip("a span without ids");
  if (start === undefined || duration === undefined) return collected.skip("a span without its times");
  const { service, resource } = processes.get(span["processID"]) ?? { service: unknownService, resource: {} };
  collected.addSpan({
    traceId,
    spanId,
    name: typeof span["operationName"] === "string" ? span["operationName"] : "",
    service,
    ...readReferences(span, traceId),
    ...readOwnTags(readTags(span["tags"])),
    startTimeUnixNano: toNanos(start),
    endTimeUnixNano: toNanos(start + duration),
    resource,
    events: readObjects(span["logs"]).map(readEvent),
  });
}

/**
 * A child refers to its parent as CHILD_OF. One that links to its parent, too, has no such reference: its first, to the
 * parent, says FOLLOWS_FROM.
 */
function readReferences(span: Fields, ownTraceId: string): Pick<TraceSpan, "parentSpanId" | "links"> {
  const references = readObjects(span["references"]).flatMap(({ refType, traceID, spanID }) => {
    const traceId = readId(traceID, 32);
    const spanId = readId(spanID, 16);
    return traceId === undefined || spanId === undefined ? [] : [{ refType, traceId, spanId }];
  });
  const isInTrace = ({ traceId }: SpanLink | (typeof references)[number]): boolean => traceId === ownTraceId;
  const childOf = references.find((reference) => reference.refType === "CHILD_OF" && isInTrace(reference));
  const [first] = references;
  const parent = childOf ?? (first && isInTrace(first) ? first : undefined);
  return {
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    links: references
      .filter((reference) => reference !== childOf)
      .map(({ traceId, spanId }) => ({ traceId, spanId, attributes: {} })),
  };
}

/** What Jaeger keeps as tags though OTLP has fields for it. Its own come first (scope) or last, should one be there twice. */
function readOwnTags(
  tags: ReadTag[],
): Pick<TraceSpan, "kind" | "status" | "statusMessage" | "scope" | "traceState" | "attributes"> {
  const take = (key: string, from: "first" | "last", isMeant: (value: unknown) => boolean): unknown => {
    const matches = (tag: ReadTag): boolean => tag.key === key && isMeant(tag.value);
    const index = from === "first" ? tags.findIndex(matches) : tags.findLastIndex(matches);
    return index < 0 ? undefined : tags.splice(index, 1)[0]?.value;
  };
  const takeText = (key: string, from: "first" | "last"): string | undefined =>
    readString(take(key, from, (value) => readString(value) !== undefined));
  const scopeName = takeText("otel.scope.name", "first");
  const scopeVersion = scopeName === undefined ? undefined : takeText("otel.scope.version", "first");
  const traceState = takeText("w3c.tracestate", "last");
  const statusMessage = takeText("otel.status_description", "last");
  const status = statuses.get(take("otel.status_code", "last", (value) => statuses.has(value))) ?? "unset";
  if (status === "error") take("error", "last", (value) => value === true);
  // OTLP's own readers, too, take a kind that is not told for "internal".
  const kind = take("span.kind", "last", isSpanKind);
  return {
    kind: isSpanKind(kind) ? kind : "internal",
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(scopeName === undefined
      ? {}
      : { scope: { name: scopeName, ...(scopeVersion === undefined ? {} : { version: scopeVersion }) } }),
    ...(traceState === undefined ? {} : { traceState }),
    attributes: toAttributes(tags),
  };
}

function readEvent({ timestamp, fields }: Fields): TraceSpan["events"][number] {
  const tags = readTags(fields);
  const index = tags.findIndex(({ key, value }) => key === "event" && typeof value === "string");
  const name = index < 0 ? undefined : tags.splice(index, 1)[0]?.value;
  return {
    name: readString(name) ?? "",
    timeUnixNano: toNanos(readMicros(timestamp) ?? 0n),
    attributes: toAttributes(tags),
  };
}

/** Before 2.0 Jaeger left out the zeros that an id begins with. */
function readId(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== "string" || value.length > digits || !/^[0-9a-f]+$/i.test(value)) return undefined;
  return /[^0]/.test(value) ? value.toLowerCase().padStart(digits, "0") : undefined;
}

function readMicros(value: unknown): bigint | undefined {
  return typeof value === "number" && Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

/** What lies outside OTLP's times becomes its first or last one. */
function toNanos(micros: bigint): string {
  const within = micros < 0n ? 0n : micros > lastMicros ? lastMicros : micros;
  return String(within * 1000n);
}
