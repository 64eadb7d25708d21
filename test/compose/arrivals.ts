import { readUntil } from "../system/eventually.ts";
import type { Order } from "./orders.ts";
import type { ComposeStack } from "./stack.ts";

/** Spans of one trace by the place they arrived at. */
export interface Arrivals {
  /** At compare, as Sentry would have received them. */
  sentry: number;
  /** At compare, passed on by the collector. */
  otlp: number;
  /** In Jaeger's store, by its query API. */
  jaeger: number;
  /** In the output of the services. */
  console: number;
}

interface TraceSummary {
  traceId: string;
  sentrySpans: number;
  otlpSpans: number;
}

/** Where a trace is looked for: compare finds it by any id in it. */
type Wanted = Pick<Order, "id" | "traceId">;

/** A finished order without an error; the tree itself is tested by test/system/journey.test.ts. */
const spansOfAnOrder = 20;

async function readArrivals(stack: ComposeStack, order: Wanted, since: Date): Promise<Arrivals> {
  const [trace, console, jaeger] = await Promise.all([
    findTrace(stack, order.id),
    readConsole(stack, order, since),
    order.traceId ? countSpansInJaeger(stack, order.traceId) : findSpansInJaeger(stack, since),
  ]);
  return { sentry: trace?.sentrySpans ?? 0, otlp: trace?.otlpSpans ?? 0, jaeger, console };
}

/** Reads until the wanted places have the trace's spans and nothing has come for two seconds. */
export async function awaitArrivals(
  stack: ComposeStack,
  order: Wanted,
  since: Date,
  wanted: readonly (keyof Arrivals)[],
  leastSpans = spansOfAnOrder,
): Promise<Arrivals> {
  let last = "";
  let unchangedSince = Date.now();
  return readUntil(
    () => readArrivals(stack, order, since),
    (arrivals) => {
      const now = JSON.stringify(arrivals);
      if (now !== last) unchangedSince = Date.now();
      last = now;
      return wanted.every((place) => arrivals[place] >= leastSpans) && Date.now() - unchangedSince > 2000;
    },
    30_000,
  );
}

async function findTrace(stack: ComposeStack, query: string): Promise<TraceSummary | undefined> {
  const response = await fetch(`${stack.urls.compare}/api/traces?query=${query}`);
  const traces = (await response.json()) as TraceSummary[];
  return traces[0];
}

/** Number of spans of all traces that web took part in: for an order that names no trace. */
async function findSpansInJaeger(stack: ComposeStack, since: Date): Promise<number> {
  const query = new URLSearchParams({
    "query.service_name": "web",
    "query.start_time_min": since.toISOString(),
    "query.start_time_max": new Date().toISOString(),
    "query.num_traces": "10",
  });
  return countSpans(await readJaeger(stack, `/api/v3/traces?${query.toString()}`));
}

/** Number of spans that Jaeger has of a trace. */
export async function countSpansInJaeger(stack: ComposeStack, traceId: string): Promise<number> {
  return countSpans(await readJaeger(stack, `/api/v3/traces/${traceId}`));
}

interface JaegerAnswer {
  result?: { resourceSpans?: { scopeSpans?: { spans?: unknown[] }[] }[] };
}

async function readJaeger(stack: ComposeStack, path: string): Promise<JaegerAnswer> {
  try {
    const response = await fetch(`${stack.urls.jaeger}${path}`);
    return response.ok ? ((await response.json()) as JaegerAnswer) : {};
  } catch {
    // Not there: the exporter under test does not need it, or it is stopped.
    return {};
  }
}

function countSpans({ result }: JaegerAnswer): number {
  const scopes = (result?.resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans ?? []);
  return scopes.reduce((sum, { spans }) => sum + (spans?.length ?? 0), 0);
}

/** The console exporter writes a span as an object over several lines, with the trace id among its own fields. */
async function readConsole(stack: ComposeStack, { traceId }: Wanted, since: Date): Promise<number> {
  const services = ["msWeb", "msOrder", "msFactory", "msMailer"];
  const output = await stack.compose("logs", "--no-log-prefix", "--since", since.toISOString(), ...services);
  // Exactly two spaces: its parent's context is indented more. Compose may put escape sequences before a line.
  return output.match(new RegExp(`(?<! )  traceId: '${traceId ?? ""}`, "g"))?.length ?? 0;
}
