/** What `propagate.ts` says of one way in. */
interface Report {
  readonly name: string;
  readonly spanIds: Readonly<Record<string, string>>;
  readonly sent: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface HeaderDifference {
  readonly path: string;
  readonly field: string;
  readonly native: string | undefined;
  readonly ours: string | undefined;
}

type Fields = ReadonlyMap<string, Readonly<Record<string, string>>>;

const ARRIVED_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** Sentry's headers of every way in and every place, member by member; ids and numbers of a process's own are replaced. */
export function readHeaders(stdout: string): Fields {
  const reports = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Report);
  return new Map(
    reports.flatMap(({ name, spanIds, sent }) =>
      Object.entries(sent).map(
        ([place, headers]) => [`${name}, ${place}`, describe(headers, spanIds[place])] as const,
      ),
    ),
  );
}

function describe(
  { "sentry-trace": sentryTrace, baggage = "" }: Readonly<Record<string, string>>,
  spanId: string | undefined,
): Record<string, string> {
  const [traceId = "", parentId = "", flag = "none"] = sentryTrace?.split("-") ?? [];
  const own = (id: string): string => (id === ARRIVED_TRACE ? id : "its own");
  const fields: Record<string, string> = {};
  if (sentryTrace !== undefined) {
    Object.assign(fields, { "trace id": own(traceId), flag });
    fields["span id"] = spanId === undefined ? parentId : parentId === spanId ? "of the span" : "of no span";
  }
  for (const member of baggage.split(",").filter((text) => text !== "")) {
    const [key = "", value = ""] = member.split("=");
    const isRandom = key === "sentry-sample_rand" && value !== "0.25";
    fields[key] = key === "sentry-trace_id" ? own(value) : isRandom ? "random" : decodeURIComponent(value);
  }
  return fields;
}

export function compareHeaders(native: Fields, ours: Fields): HeaderDifference[] {
  return [...new Set([...native.keys(), ...ours.keys()])].flatMap((path) => {
    const [left, right] = [native.get(path) ?? {}, ours.get(path) ?? {}];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])]
      .map((field) => ({ path, field, native: left[field], ours: right[field] }))
      .filter((difference) => difference.native !== difference.ours);
  });
}
