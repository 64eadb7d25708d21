import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createEnvelopes, createOtlpRequests, type Payload } from "./payloads.ts";

/** What a sender process is told, and what it tells at the end. */
export interface SenderTask {
  url: string;
  protocol: "sentry" | "otlp";
  spansPerSecond: number;
  seconds: number;
}

export interface SenderReport {
  spans: number;
  requests: number;
  bytes: number;
  spansOfTrace: number;
  /** Requests that were asked to come again, and did. */
  retries: number;
  /** Answers that were neither 200 nor 503. */
  failures: string[];
  latenciesMillis: number[];
  /** From the first request to the last answer. */
  millis: number;
}

const tickMillis = 20;
/** Requests under way at a time: envelopes come from many small transactions, OTLP from a batch processor per service. */
const maxUnderWayOf = { sentry: 64, otlp: 8 };

process.once("message", (task: SenderTask) => {
  void run(task).then((report) => process.send?.(report, () => process.disconnect()));
});

async function run({ url, protocol, spansPerSecond, seconds }: SenderTask): Promise<SenderReport> {
  const maker = protocol === "sentry" ? createEnvelopes() : createOtlpRequests();
  const maxUnderWay = maxUnderWayOf[protocol];
  const agent = new Agent({ keepAlive: true, maxSockets: maxUnderWay });
  const report: SenderReport = {
    spans: 0,
    requests: 0,
    bytes: 0,
    spansOfTrace: maker.spansOfTrace,
    retries: 0,
    failures: [],
    latenciesMillis: [],
    millis: 0,
  };
  const underWay = new Set<Promise<void>>();
  const total = spansPerSecond * seconds;
  const start = performance.now();
  while (report.spans < total) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * spansPerSecond);
    while (report.spans < due && underWay.size < maxUnderWay) {
      const payload = maker.next();
      report.spans += payload.spans;
      const sending: Promise<void> = deliver(url, payload, agent, report).finally(() =>
        underWay.delete(sending),
      );
      underWay.add(sending);
    }
    await sleep(tickMillis);
  }
  await Promise.all(underWay);
  report.millis = performance.now() - start;
  agent.destroy();
  return report;
}

async function deliver(url: string, payload: Payload, agent: Agent, report: SenderReport): Promise<void> {
  for (;;) {
    const started = performance.now();
    const status = await post(url, payload, agent).catch((error: unknown) => String(error));
    report.latenciesMillis.push(performance.now() - started);
    report.requests += 1;
    report.bytes += payload.body.length;
    if (status === 200) return;
    if (status !== 503) {
      report.failures.push(String(status));
      return;
    }
    report.retries += 1;
    await sleep(1000);
  }
}

async function post(url: string, payload: Payload, agent: Agent): Promise<number | undefined> {
  const headers = { "content-type": payload.contentType, "content-length": payload.body.length };
  const sending = request(url + payload.path, { method: "POST", headers, agent });
  sending.end(payload.body);
  const [response] = (await once(sending, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode;
}
