import type { Trace, TraceError } from "../model.ts";
import { readExceptions, type ToldException } from "./exceptions.ts";
import type { Findings } from "./findings.ts";
import { placeOf } from "./place.ts";
import { matchUp } from "./match-up.ts";
import { isSentryFormat, type Scene } from "./scene.ts";

/** What two sides can be compared by, whether it came as an issue or as an event of a span. */
interface ToldError extends ToldException {
  eventId?: string;
  error?: TraceError;
}

/** Issues with issues by their ids, issues with the exceptions on spans by span and title. */
export function compareErrors(scene: Scene, findings: Findings): void {
  const { rich, poor } = scene;
  const isMixed = isSentryFormat(rich.format) !== isSentryFormat(poor.format);
  const toldByRich = isMixed ? readExceptions(rich) : readErrors(rich.trace);
  const { pairs, richOnly, poorOnly } = matchUp<ToldError>(toldByRich, readErrors(poor.trace), [
    ({ eventId, spanId, title }) => JSON.stringify([isMixed ? "" : eventId, spanId, title]),
    ({ eventId, title }) => JSON.stringify(isMixed ? ["", title] : [eventId]),
    ({ spanId, title }) => JSON.stringify([spanId, title]),
  ]);
  for (const pair of pairs) {
    findings.look(
      isMixed
        ? { field: "error", rich: tellException(pair.rich), poor: tellIssue(pair.poor) }
        : { field: "error", rich: pair.rich.error, poor: pair.poor.error },
      placeOf(pair.rich, pair.poor),
    );
  }
  for (const told of richOnly) {
    findings.look(
      { field: "error", rich: isMixed ? tellException(told) : told.error, poor: undefined },
      placeOf(told),
    );
  }
  for (const told of poorOnly) {
    findings.look(
      { field: "error", rich: undefined, poor: isMixed ? tellIssue(told) : told.error },
      placeOf(told),
    );
  }
}

function readErrors({ errors }: Trace): ToldError[] {
  return errors.map((error) => {
    const { eventId, spanId, title, service, timeUnixNano } = error;
    return { eventId, ...(spanId === undefined ? {} : { spanId }), title, service, timeUnixNano, error };
  });
}

function tellException({ spanId, title }: ToldError): unknown {
  return { event: "exception", spanId, title };
}

function tellIssue({ spanId, title }: ToldError): unknown {
  return { spanId, title };
}
