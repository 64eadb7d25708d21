import { fileURLToPath } from "node:url";
import type { OtlpSpan, Receiver, SentrySpan } from "@tracebridge/receivers";
import { runFixture, toBoth } from "../fixture-process.ts";

/** What became of one request: what went on, and the span of the service at each back end. */
export interface Passed {
  /** The trace that the request named. */
  readonly traceId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly otlp: OtlpSpan | undefined;
  readonly sentry: SentrySpan | undefined;
  /** The id of the span that called the service behind, as OTLP has it. */
  readonly callingSpanId: string | undefined;
  /** The sampling context of the envelope. */
  readonly dsc: Readonly<Record<string, string>> | undefined;
}

export interface PassOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What starts telemetry in place of `register`. */
  readonly preload?: URL;
}

/** What Sentry's number for a trace is computed from. */
const TRACE_END = "dd8448eb211c80319c";

/**
 * Sends requests, each with its header lines, through a service; resolves with a look at each by its path. In the
 * lines `{trace}` stands for a trace id of the request's own, `{TRACE}` for the same in upper case.
 */
export async function passRequests(
  requests: Readonly<Record<string, readonly string[]>>,
  { env = {}, preload }: PassOptions = {},
): Promise<(path: string) => Passed> {
  const paths = Object.keys(requests);
  const traceOf = (path: string): string => `0af7651916c4${paths.indexOf(path) + 10}${TRACE_END}`;
  const write = (line: string, path: string): string =>
    line.replaceAll("{trace}", traceOf(path)).replaceAll("{TRACE}", traceOf(path).toUpperCase());
  const lines = paths.map((path) => [path, requests[path]?.map((line) => write(line, path))]);
  const { receiver, stdout, stderr, exitCode } = await runFixture(
    (to) => ({
      ...toBoth(to),
      SENTRY_RELEASE: "ours@1",
      SENTRY_ENVIRONMENT: "test",
      TRACEBRIDGE_PROPAGATION_TARGETS: "127.0.0.1",
      FIXTURE_REQUESTS: JSON.stringify(lines),
      ...env,
    }),
    {
      fixture: fileURLToPath(new URL("passing-service.ts", import.meta.url)),
      ...(preload && { preload: fileURLToPath(preload) }),
    },
  );
  const line = stdout.split("\n").find((text) => text.startsWith('{"passedOn"'));
  if (line === undefined || stderr !== "") throw new Error(`exit code ${exitCode}\n${stdout}\n${stderr}`);
  const { passedOn } = JSON.parse(line) as { passedOn: Record<string, Record<string, string>> };
  return (path) => ({ traceId: traceOf(path), ...look(receiver, path, passedOn[path] ?? {}) });
}

function look({ otlp, sentry }: Receiver, path: string, headers: Passed["headers"]): Omit<Passed, "traceId"> {
  const server = otlp.spans.find(
    ({ kind, attributes }) => kind === "server" && attributes["url.path"] === path,
  );
  const segment = sentry.spans.find(
    ({ isSegment, attributes }) => isSegment && attributes["url.path"] === path,
  );
  const envelope = sentry.envelopes.find(({ spans }) => segment && spans.includes(segment));
  return {
    headers,
    otlp: server,
    sentry: segment,
    callingSpanId: otlp.spans.find((span) => span.kind === "client" && span.parentSpanId === server?.spanId)
      ?.spanId,
    dsc: envelope?.header["trace"] as Passed["dsc"],
  };
}
