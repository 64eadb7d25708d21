import { startReceiver, type OtlpSpan, type Receiver } from "@tracebridge/receivers";
import { afterEach, beforeEach } from "vitest";
import type { Bench } from "./page-bench.ts";
import type { ApiRequest, Respond } from "./web-api.ts";

/** Where web takes what telemetry sends. */
const tunnel = "/tb/e";
const otlp = "/tb/t";

/** The trace that web began when it was asked for the page. */
export const serverTrace = "c0ffee16cd43dd8448eb211c80319c00";
const serverSpan = "b7ad6b7169203331";

export interface TelemetryBench {
  readonly receiver: Receiver;
  /** How web answers what is not telemetry. */
  answer: Respond;
  /** The requests with which telemetry arrived. */
  readonly requests: () => readonly ApiRequest[];
  /** Settles with the span of that name when it has ended and arrived at both back ends. */
  readonly waitForSpan: (name: string) => Promise<OtlpSpan>;
}

/** Lets the page of `bench` send telemetry, as web does, to receivers for Sentry and OTLP. */
export function addTelemetry(bench: Bench): TelemetryBench {
  let receiver: Receiver;
  const telemetry: TelemetryBench = {
    get receiver() {
      return receiver;
    },
    answer: () => ({ status: 404 }),
    requests: () => bench.api.requests.filter(({ path }) => path.startsWith("/tb/")),
    waitForSpan: async (name) => {
      const isIt = (span: { name: string }): boolean => span.name === name;
      await receiver.waitFor(
        `the span ${name}`,
        ({ sentry, otlp }) => sentry.spans.some(isIt) && otlp.spans.some(isIt),
      );
      const span = receiver.otlp.spans.find(isIt);
      if (span === undefined) throw new Error(`${name} is gone again`);
      return span;
    },
  };
  beforeEach(async () => {
    receiver = await startReceiver();
    bench.head = writeHead(receiver.dsn);
    telemetry.answer = bench.respond;
    bench.respond = (request) => {
      const target = { [tunnel]: "/api/1/envelope/", [otlp]: "/v1/traces" }[request.path];
      if (target === undefined) return telemetry.answer(request);
      // A page that is closed after its test may find the receiver gone.
      passOn(request, `${receiver.url}${target}`).catch(() => {});
      return { status: 200, body: {} };
    };
  });
  afterEach(() => receiver.close());
  return telemetry;
}

async function passOn({ body, headers }: ApiRequest, url: string): Promise<void> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const contentType = headers["content-type"] ?? "";
  await fetch(url, { method: "POST", headers: { "content-type": contentType }, body: text });
}

function writeHead(dsn: string): string {
  const config = {
    serviceName: "page",
    sentry: { dsn, tunnel, spans: true, errors: true, tracesSampleRate: 1 },
    otlp: { url: otlp, sampleRate: 1 },
    businessKeys: ["orderId"],
  };
  const baggage = `sentry-trace_id=${serverTrace},sentry-sampled=true,sentry-sample_rand=0.5,sentry-sample_rate=1,sentry-public_key=public`;
  return `<script type="application/json" id="tracebridge">${JSON.stringify(config)}</script>
    <meta name="sentry-trace" content="${serverTrace}-${serverSpan}-1" />
    <meta name="traceparent" content="00-${serverTrace}-${serverSpan}-01" />
    <meta name="baggage" content="${baggage}" />`;
}
