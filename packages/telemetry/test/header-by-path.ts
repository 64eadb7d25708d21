import type { Receiver } from "@tracebridge/receivers";

/** The value of one header of the requests that arrived, by the path they came to. */
export function headerByPath({ otlp }: Receiver, name: string): Record<string, unknown> {
  return Object.fromEntries(otlp.requests.map(({ path, headers }) => [path, headers[name]]));
}
