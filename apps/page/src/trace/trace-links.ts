export interface TraceLink {
  readonly view: "sentry" | "otlp" | "both";
  readonly text: string;
  readonly href: string;
}

/** The addresses that show a trace as each back end received it, and the two beside each other. */
export function createTraceLinks(compareUrl: string, traceId: string): readonly TraceLink[] {
  const address = `${compareUrl}/trace/${traceId}`;
  return [
    { view: "sentry", text: "Trace as Sentry received it", href: `${address}?view=sentry` },
    { view: "otlp", text: "Trace as OTLP received it", href: `${address}?view=otlp` },
    { view: "both", text: "Both beside each other", href: address },
  ];
}
