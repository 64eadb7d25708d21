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
 * Reads spans of a page, and writes again what was checked of them: in the name of another service nobody may speak from
 * outside. Of a member that is there twice, or under another of its names (`resource_spans`), a back end may take either.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @throws Refusal 400 or 403
 */
export function readSpans(text: string, serviceName: string): string {
  const resourceSpans = readObject(text)?.["resourceSpans"];
  if (!Array.isArray(resourceSpans))
    throw new Refusal(400, "the body is not an OTLP request for spans in JSON");
  const entries = (resourceSpans as unknown[]).map((entry) => readEntry(entry, serviceName));
  try {
    return JSON.stringify({ resourceSpans: entries });
  } catch {
    // What `JSON.parse` reads can be too deep to be written.
    throw new Refusal(400, "the spans are nested too deeply");
  }
}

function readEntry(entry: unknown, serviceName: string): object {
  const attributes = readMember(readMember(entry, "resource"), "attributes");
  const all: unknown[] = Array.isArray(attributes) ? attributes : [];
  const named = all.filter(isServiceName);
  const name = readMember(readMember(named[0], "value"), "stringValue");
  if (named.length !== 1 || name !== serviceName) {
    throw new Refusal(403, `service.name must be ${serviceName} (TRACEBRIDGE_BROWSER_SERVICE_NAME)`);
  }
  const others = all
    .filter((attribute) => !isServiceName(attribute))
    .map((attribute) => ({ key: readMember(attribute, "key"), value: readMember(attribute, "value") }));
  return {
    resource: {
      attributes: [{ key: "service.name", value: { stringValue: serviceName } }, ...others],
    },
    scopeSpans: readMember(entry, "scopeSpans"),
    schemaUrl: readMember(entry, "schemaUrl"),
  };
}

function isServiceName(attribute: unknown): boolean {
  return readMember(attribute, "key") === "service.name";
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
