import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureOptions, FixtureRun } from "../fixture-process.ts";

/** What reached one server, in words, by the path of the request. */
type Sent = Readonly<Record<string, string>>;

export interface CallsRun {
  readonly named: Sent;
  readonly other: Sent;
  readonly run: FixtureRun;
}

/** Runs the `calls.ts` fixture against two servers; `env` is made from the address of the named one. */
export async function runCalls(
  env: (named: string) => Record<string, string>,
  options: FixtureOptions = {},
): Promise<CallsRun> {
  const named = await startServer();
  const other = await startServer();
  try {
    const addresses = { FIXTURE_NAMED: named.url, FIXTURE_OTHER: other.url };
    const run = await runFixture((to) => ({ ...toBoth(to), ...addresses, ...env(named.url) }), {
      fixture: "calls.ts",
      ...options,
    });
    return { named: named.sent, other: other.sent, run };
  } finally {
    named.close();
    other.close();
  }
}

interface ReceivingServer {
  readonly url: string;
  readonly sent: Record<string, string>;
  close(): void;
}

async function startServer(): Promise<ReceivingServer> {
  const sent: Record<string, string> = {};
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    sent[url.pathname] = describeTraceHeaders(request.headers);
    const location = url.pathname.startsWith("/redirect") ? url.searchParams.get("to") : null;
    if (location !== null) response.writeHead(302, { location });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, close };
}

/** `trace` for both families' headers, each once and of one trace; then what the baggage holds beside the trace. */
function describeTraceHeaders(headers: IncomingHttpHeaders): string {
  const { traceparent, "sentry-trace": sentryTrace, baggage } = headers;
  const keys = new Set(
    String(baggage ?? "")
      .split(",")
      .map((member) => member.split("=", 1)[0] ?? ""),
  );
  const traceId = /^00-([0-9a-f]{32})-[0-9a-f]{16}-0[01]$/.exec(String(traceparent))?.[1];
  const isTrace = traceId !== undefined && String(sentryTrace).startsWith(`${traceId}-`);
  return [
    ...(isTrace && keys.has("sentry-trace_id") ? ["trace"] : []),
    ...(!isTrace && (traceparent ?? sentryTrace) !== undefined ? ["broken trace"] : []),
    ...(!isTrace && keys.has("sentry-trace_id") ? ["sentry baggage"] : []),
    ...["orderId", "tenant"].filter((key) => keys.has(key)),
  ].join(" ");
}
