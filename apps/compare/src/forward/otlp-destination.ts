import type { Destination } from "./destination.ts";

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp: signals have paths below it. */
export function createOtlpDestination(endpoint: URL, headers: Readonly<Record<string, string>>): Destination {
  const base = endpoint.href.replace(/\/+$/, "");
  return {
    name: `OTLP at ${endpoint.origin}`,
    variable: "COMPARE_FORWARD_OTLP_ENDPOINT",
    address: ({ kind, path, contentType }, body) =>
      kind === "otlp"
        ? { url: base + path, headers: { ...headers, "content-type": contentType }, body }
        : undefined,
  };
}
