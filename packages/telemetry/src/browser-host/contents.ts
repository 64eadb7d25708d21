import { Refusal } from "./answer.ts";

/** A line with more than the id of an event, a time and a trace is not the header of an envelope. */
const MAX_HEADER_LENGTH = 16_384;

/**
 * Checks that an envelope is for the project with this DSN: what is sent on goes there and nowhere else, whatever the
 * envelope says. https://develop.sentry.dev/sdk/foundations/envelopes/#headers
 * @throws Refusal 400 or 403
 */
export function checkEnvelope(text: string, publicDsn: string): void {
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  const header = line.length > MAX_HEADER_LENGTH ? undefined : readObject(line);
  if (!header) throw new Refusal(400, "the body is not an envelope");
  const dsn = header["dsn"];
  if (typeof dsn !== "string") throw new Refusal(400, "the envelope names no DSN");
  if (dsn !== publicDsn) throw new Refusal(403, "the envelope is for another project");
}

/**
 * Checks that spans are those of a page: in the name of another service nobody may speak from outside.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @throws Refusal 400 or 403
 */
export function checkSpans(text: string, serviceName: string): void {
  const resourceSpans = readObject(text)?.["resourceSpans"];
  if (!Array.isArray(resourceSpans))
    throw new Refusal(400, "the body is not an OTLP request for spans in JSON");
  for (const entry of resourceSpans as unknown[]) {
    if (readServiceName(entry) !== serviceName) {
      throw new Refusal(403, `service.name must be ${serviceName} (TRACEBRIDGE_BROWSER_SERVICE_NAME)`);
    }
  }
}

/** The only one there is: of two, a back end may take either. */
function readServiceName(entry: unknown): unknown {
  const attributes = readMember(readMember(entry, "resource"), "attributes");
  const named = Array.isArray(attributes)
    ? (attributes as unknown[]).filter((attribute) => readMember(attribute, "key") === "service.name")
    : [];
  return named.length === 1 ? readMember(readMember(named[0], "value"), "stringValue") : undefined;
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readMember(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
