import type { TraceError } from "../model.ts";
import { readExceptions, type ToldException } from "./exceptions.ts";
import type { Findings } from "./findings.ts";
import { matchUp } from "./match-up.ts";
import { placeOf } from "./place.ts";
import type { ToldError } from "./rules/errors.ts";
import { isSentryFormat, type Scene } from "./scene.ts";

/** Issues with issues by their ids, issues with the exceptions on spans by span and title. */
export function compareErrors(scene: Scene, findings: Findings): void {
  const { rich, poor } = scene;
  if (isSentryFormat(rich.format) === isSentryFormat(poor.format)) compareIssues(scene, findings);
  else compareWithExceptions(scene, findings);
}

function compareIssues({ rich, poor }: Scene, findings: Findings): void {
  const { pairs, richOnly, poorOnly } = matchUp(rich.trace.errors, poor.trace.errors, [
    ({ eventId, spanId, title }) => JSON.stringify([eventId, spanId, title]),
    ({ eventId }) => eventId,
    ({ spanId, title }) => JSON.stringify([spanId, title]),
  ]);
  for (const pair of pairs) findings.look({ field: "error", ...pair }, placeOf(pair.rich, pair.poor));
  for (const error of richOnly)
    findings.look({ field: "error", rich: error, poor: undefined }, placeOf(error));
  for (const error of poorOnly)
    findings.look({ field: "error", rich: undefined, poor: error }, placeOf(error));
}

type Candidate = ({ exception: ToldException } | { error: TraceError }) & { spanId?: string; title: string };

/** First what is alike, then the same error on another span; a repeated one only where it is told twice on the other side, too. */
function compareWithExceptions({ rich, poor }: Scene, findings: Findings): void {
  const exceptions = readExceptions(rich).map((exception) => ({ exception, ...exception }));
  const issues = poor.trace.errors.map((error) => ({
    error,
    title: error.title,
    ...(error.spanId === undefined ? {} : { spanId: error.spanId }),
  }));
  const first = matchUp<Candidate>(exceptions, issues, [
    ({ spanId, title }) => JSON.stringify([spanId, title]),
  ]);
  const unrepeated = first.richOnly.filter((told) => "exception" in told && !told.exception.isRepeated);
  const second = matchUp<Candidate>(unrepeated, first.poorOnly, [
    ({ title }) => title,
    ({ spanId }) => spanId ?? "",
  ]);
  const repeated = first.richOnly.filter((told) => !unrepeated.includes(told));
  for (const pair of [...first.pairs, ...second.pairs]) look(findings, pair.rich, pair.poor);
  for (const told of [...second.richOnly, ...repeated]) look(findings, told, undefined);
  for (const told of second.poorOnly) look(findings, undefined, told);
}

function look(findings: Findings, rich: Candidate | undefined, poor: Candidate | undefined): void {
  const exception = rich && "exception" in rich ? rich.exception : undefined;
  const error = poor && "error" in poor ? poor.error : undefined;
  const place = exception ?? error;
  if (place === undefined) return;
  findings.look(
    { field: "error", rich: exception && tellException(exception), poor: error && tellIssue(error) },
    placeOf(place, error ?? place),
  );
}

function tellException({ spanId, title, isRepeated }: ToldException): ToldError {
  return { event: "exception", spanId, title, ...(isRepeated ? { isRepeated } : {}) };
}

function tellIssue({ spanId, title, level }: TraceError): ToldError {
  return {
    title,
    ...(spanId === undefined ? {} : { spanId }),
    ...(level === undefined ? {} : { level }),
  };
}
