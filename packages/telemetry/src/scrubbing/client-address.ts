/**
 * Whether an attribute of a span names who asked: Sentry's SDK sends no address of a client unless it is told to collect
 * data of users. OTLP keeps it, as OpenTelemetry's conventions have it:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function isAddressOfClient(key: string, isServer: boolean): boolean {
  return (
    key === "client.address" || key === "user.ip_address" || (isServer && key === "network.peer.address")
  );
}
