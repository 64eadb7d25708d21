import { isFields, readString, type Fields } from "@tracebridge/receivers";
import { unknownService } from "../model.ts";
import { CollectedTraces, type TracesRead } from "./collected-traces.ts";
import { describeFound, FormatError } from "./format-error.ts";
import { readEntries, readHexId } from "./plain.ts";
import { readAttributes, readKind, readOp, readParent, readStatus, readTime } from "./sentry-api.ts";

const expected = 'an answer of Sentry\'s span search, {"data":[{"id","trace",…}],"meta"}';
/** What fills fields of the model, or is Sentry's own. */
const fieldColumns: ReadonlySet<string> = new Set([
  "id",
  "trace",
  "parent_span",
  "span.name",
  "span.op",
  "span.status",
  "span.kind",
  "span.duration",
  "span.description",
  "is_transaction",
  "timestamp",
  "precise.start_ts",
  "precise.finish_ts",
  "project",
  "project.id",
  "project.name",
]);

/** The spans in answers of `GET /api/0/organizations/{org}/events/?dataset=spans`, which may be of several traces. */
export function readSentrySearchAnswers(answers: readonly unknown[]): TracesRead {
  const collected = new CollectedTraces("sentry-api");
  for (const answer of answers) {
    const data = isFields(answer) ? answer["data"] : undefined;
    if (!Array.isArray(data)) throw new FormatError(`Expected ${expected}, found ${describeFound(answer)}.`);
    for (const row of readEntries(data)) readRow(row, collected);
  }
  return collected.finish();
}

function readRow(row: Fields, collected: CollectedTraces): void {
  const traceId = readHexId(row["trace"], 32);
  const spanId = readHexId(row["id"] ?? row["span_id"], 16);
  const start = readTime(row["precise.start_ts"]);
  const end = readTime(row["precise.finish_ts"]);
  if (traceId === undefined || spanId === undefined) return collected.skip("a span without ids");
  if (start === undefined || end === undefined) {
    return collected.skip("a span without precise.start_ts and precise.finish_ts");
  }
  collected.addSpan({
    traceId,
    spanId,
    ...readParent(row["parent_span"]),
    name: readString(row["span.name"]) ?? readString(row["span.description"]) ?? "",
    service: readString(row["service.name"]) ?? unknownService,
    ...readKind(row["span.kind"]),
    ...readOp(row["span.op"]),
    status: readStatus(row["span.status"]),
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    attributes: readAttributes(row, fieldColumns),
    resource: {},
    events: [],
    links: [],
    isSegment: row["is_transaction"] === true,
  });
}
