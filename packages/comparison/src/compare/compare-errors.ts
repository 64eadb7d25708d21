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

interface Candidate {
  title: string;
  spanId?: string;
  exception?: ToldException;
  error?: TraceError;
  isRepeated?: boolean;
}

/**
 * First what is alike, then the same error on another span. An exception that is repeated, or that is no failure, needs no issue
 * of its own.
 */
function compareWithExceptions({ rich, poor }: Scene, findings: Findings): void {
  const exceptions = readExceptions(rich).map((exception) => ({ exception, ...exception }));
  const issues = poor.trace.errors.map((error) => ({
    error,
    title: error.title,
    ...(error.spanId === undefined ? {} : { spanId: error.spanId }),
  }));
  const first = matchUp<Candidate>(exceptions, issues, [
    ({ spanId, title }) => JSON.stringify([spanId, title]),
    ({ spanId, title, exception }) => JSON.stringify([spanId, exception?.otherTitles[0] ?? title]),
    ({ spanId, title, exception }) => JSON.stringify([spanId, exception?.otherTitles.at(-1) ?? title]),
  ]);
  const told = new Set(first.pairs.map(({ rich: { exception } }) => exception?.identity));
  const unrepeated: Candidate[] = [];
  for (const candidate of first.richOnly) {
    const identity = candidate.exception?.identity;
    if (told.has(identity)) look(findings, { ...candidate, isRepeated: true }, undefined);
    else if (candidate.exception?.isNoFailure === true) look(findings, candidate, undefined);
    else unrepeated.push(candidate);
    told.add(identity);
  }
  const second = matchUp(unrepeated, first.poorOnly, [({ title }) => title, ({ spanId }) => spanId ?? ""]);
  for (const pair of [...first.pairs, ...second.pairs]) look(findings, pair.rich, pair.poor);
  for (const candidate of second.richOnly) look(findings, candidate, undefined);
  for (const candidate of second.poorOnly) look(findings, undefined, candidate);
}

function look(findings: Findings, rich: Candidate | undefined, poor: Candidate | undefined): void {
  const place = rich?.exception ?? poor?.error;
  if (place === undefined) return;
  findings.look(
    {
      field: "error",
      rich: rich?.exception && tellException(rich.exception, rich.isRepeated),
      poor: poor?.error && tellIssue(poor.error),
    },
    placeOf(place, poor?.error ?? place),
  );
}

function tellException(exception: ToldException, isRepeated = false): ToldError {
  const { spanId, title, otherTitles, isNoFailure } = exception;
  return {
    event: "exception",
    spanId,
    title,
    ...(otherTitles.some((other) => other !== title) ? { otherTitles } : {}),
    ...(isRepeated ? { isRepeated } : isNoFailure ? { isNoFailure } : {}),
  };
}

function tellIssue({ spanId, title, level }: TraceError): ToldError {
  return {
    title,
    ...(spanId === undefined ? {} : { spanId }),
    ...(level === undefined ? {} : { level }),
  };
}
