import type { AttributeValue, Trace } from "@tracebridge/comparison";
import type { TimedNote } from "../page-model.ts";
import { readMillisSince } from "./build-rows.ts";

type OneSided = TimedNote & { side: "left" | "right" };

/** Errors and logs of both sides by time; what both tell is told once. */
export function buildNotes(left: Trace, right: Trace, start: string): TimedNote[] {
  const twins = Map.groupBy(listNotes(right, "right", start), readIdentity);
  const notes: TimedNote[] = listNotes(left, "left", start).map((note) => {
    const twin = twins.get(readIdentity(note))?.shift();
    return twin ? { ...note, side: "both" } : note;
  });
  const others = [...twins.values()].flat();
  return [...notes, ...others].toSorted((a, b) => a.atMillis - b.atMillis);
}

/** The two sides do not agree on times: clocks and precision differ. */
function readIdentity({ kind, spanId, service, level, text }: TimedNote): string {
  // Whether an error was a warning only Sentry says.
  return JSON.stringify([kind, spanId, service, kind === "log" && level, text]);
}

function listNotes(trace: Trace, side: OneSided["side"], start: string): OneSided[] {
  const at = (unixNano: string): number => readMillisSince(start, unixNano);
  const errors = trace.errors.map((error): OneSided => {
    const { spanId, service, level, title } = error;
    return {
      side,
      kind: "error",
      spanId,
      service,
      atMillis: at(error.timeUnixNano),
      level: level ?? "error",
      text: title,
    };
  });
  const exceptions = trace.spans.flatMap(({ spanId, service, events }) =>
    events
      .filter(({ name }) => name === "exception")
      .map(({ timeUnixNano, attributes }): OneSided => {
        const text = describeException(attributes);
        return { side, kind: "error", spanId, service, atMillis: at(timeUnixNano), level: "error", text };
      }),
  );
  const logs = trace.logs.map((log): OneSided => {
    const { spanId, service, level, body } = log;
    return { side, kind: "log", spanId, service, atMillis: at(log.timeUnixNano), level, text: body };
  });
  return [...errors, ...exceptions, ...logs].toSorted((a, b) => a.atMillis - b.atMillis);
}

/** As Sentry titles an issue: `Error: it broke`. */
function describeException(attributes: Readonly<Record<string, AttributeValue>>): string {
  const parts = [attributes["exception.type"], attributes["exception.message"]];
  return parts.flatMap((part) => (typeof part === "string" && part ? [part] : [])).join(": ") || "exception";
}
