import { readExceptionTitles, type Trace, type TraceLog } from "@tracebridge/comparison";
import type { TimedNote } from "../page-model.ts";
import { readMillisSince } from "./build-rows.ts";

/** What one side tells. */
interface ToldNote {
  note: TimedNote;
  /** A note of the other side that shares one of these is the same. The two do not agree on times: clocks differ. */
  identities: readonly string[];
}

/** Errors and logs of both sides by time; what both tell is told once. */
export function buildNotes(left: Trace, right: Trace, start: string): TimedNote[] {
  const others = listNotes(right, "right", start);
  const takeTwin = createTwinFinder(others);
  const alone = new Set(others);
  const notes = listNotes(left, "left", start).map(({ note, identities }): TimedNote => {
    const twin = takeTwin(identities);
    if (!twin) return note;
    alone.delete(twin);
    return { ...note, side: "both" };
  });
  return [...notes, ...Array.from(alone, ({ note }) => note)].toSorted((a, b) => a.atMillis - b.atMillis);
}

/** Finds by any of its identities, the earliest first, and each once. */
function createTwinFinder(
  notes: readonly ToldNote[],
): (identities: readonly string[]) => ToldNote | undefined {
  const byIdentity = new Map<string, ToldNote[]>();
  for (const note of notes.toReversed()) {
    for (const identity of note.identities) {
      const known = byIdentity.get(identity);
      if (known) known.push(note);
      else byIdentity.set(identity, [note]);
    }
  }
  const taken = new Set<ToldNote>();
  return (identities) => {
    for (const identity of identities) {
      const candidates = byIdentity.get(identity) ?? [];
      for (let twin = candidates.pop(); twin; twin = candidates.pop()) {
        if (taken.has(twin)) continue;
        taken.add(twin);
        return twin;
      }
    }
    return undefined;
  };
}

function listNotes(trace: Trace, side: "left" | "right", start: string): ToldNote[] {
  const place = ({
    spanId,
    service,
    timeUnixNano,
  }: Pick<TraceLog, "spanId" | "service" | "timeUnixNano">) => ({
    side,
    spanId,
    service,
    atMillis: readMillisSince(start, timeUnixNano),
  });
  const errors = trace.errors.map(({ spanId, service, level = "error", title, timeUnixNano }): ToldNote => {
    // Whether an error was a warning only Sentry says.
    const at = place({ spanId, service, timeUnixNano });
    return {
      note: { ...at, kind: "error", level, text: title },
      identities: [JSON.stringify([spanId, service, title])],
    };
  });
  const exceptions = trace.spans.flatMap(({ spanId, service, events }) =>
    events
      .filter(({ name }) => name === "exception")
      .map(({ timeUnixNano, attributes }): ToldNote => {
        const titles = readExceptionTitles(attributes);
        const [text = ""] = titles;
        const at = place({ spanId, service, timeUnixNano });
        return {
          note: { ...at, kind: "error", level: "error", text },
          identities: titles.map((title) => JSON.stringify([spanId, service, title])),
        };
      }),
  );
  const logs = trace.logs.map(({ spanId, service, level, body, timeUnixNano }): ToldNote => {
    const at = place({ spanId, service, timeUnixNano });
    return {
      note: { ...at, kind: "log", level, text: body },
      identities: [JSON.stringify(["log", spanId, service, level, body])],
    };
  });
  return [...errors, ...exceptions, ...logs].toSorted((a, b) => a.note.atMillis - b.note.atMillis);
}
