import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions } from "./main.ts";
import { forkHelper } from "./measure/measured-process.ts";
import { startCompare, type CompareProcess } from "./receivers/compare-process.ts";
import { traceIdOf } from "./receivers/payloads.ts";
import type { SenderReport, SenderTask } from "./receivers/sender.ts";
import { describeMachine, readLoad } from "./results.ts";

/** Traces that are looked at one by one; all are counted. */
const sampledTraces = 200;

/** Receives at a steady rate, then asks for all of it back. */
export async function benchReceivers({ quick, rate, seconds }: BenchOptions): Promise<string> {
  const spansPerSecond = rate ?? (quick ? 1000 : 5000);
  const duration = seconds ?? (quick ? 5 : 60);
  const load = readLoad();
  const folder = await mkdtemp(join(tmpdir(), "bench-receivers-"));
  const env = {
    COMPARE_STORE: join(folder, "store.sqlite"),
    COMPARE_STORE_MIB: "16384",
    COMPARE_STORE_ITEMS: "100000000",
  };
  const compare = await startCompare(env);
  try {
    const [sentry, otlp] = await Promise.all(
      (["sentry", "otlp"] as const).map((protocol) =>
        send({ url: compare.url, protocol, spansPerSecond: spansPerSecond / 2, seconds: duration }),
      ),
    );
    if (!sentry || !otlp) throw new Error("a sender told nothing");
    const elapsed = Math.max(sentry.millis, otlp.millis) / 1000;
    const cpuSeconds = await compare.readCpuSeconds();
    const peakMemory = await compare.readPeakMemory();
    const kept = await verify(compare, sentry, otlp);
    await compare.stop();
    const bytes = await sizeOf(folder);
    return [
      describeMachine(load),
      "",
      `${kept} spans sent, ${kept} in the store, none lost, in ${elapsed.toFixed(1)} s: ${describeRate(kept / elapsed, spansPerSecond)}`,
      "Half went as Sentry envelopes (one trace each) and half as OTLP in protobuf (17 traces to a request): the recorded requests of",
      "an order with new ids, from two sender processes on the same machine.",
      "",
      "| | Sentry | OTLP |",
      "| --- | --- | --- |",
      ...tabulate(sentry, otlp),
      "",
      `Compare: ${((cpuSeconds / elapsed) * 100).toFixed(0)} % of a core, ${toMebibytes(peakMemory)} MiB of memory at most,`,
      `${toMebibytes(bytes)} MiB on disk: ${(bytes / kept).toFixed(0)} bytes a span with everything that finds it.`,
    ].join("\n");
  } finally {
    await compare.stop();
    await rm(folder, { recursive: true });
  }
}

function describeRate(reached: number, asked: number): string {
  const rate = `${reached.toFixed(0)} a second`;
  if (reached > asked * 0.97) return `${rate}.`;
  return `${rate}. The senders were to send ${asked} a second and could not: the machine had other work.`;
}

async function send(task: SenderTask): Promise<SenderReport> {
  const sender = forkHelper(new URL("receivers/sender.ts", import.meta.url));
  const answered = once(sender, "message") as Promise<[SenderReport]>;
  sender.send(task);
  const [report] = await answered;
  if (report.failures.length > 0) {
    throw new Error(`${task.protocol}: ${report.failures.length} requests failed: ${report.failures[0]}`);
  }
  return report;
}

/** How many spans there are, when these are all that were sent. */
async function verify({ url }: CompareProcess, sentry: SenderReport, otlp: SenderReport): Promise<number> {
  const sent = sentry.spans + otlp.spans;
  const health = (await readJson(`${url}/health`)) as { store: { items: number } };
  if (health.store.items !== sent)
    throw new Error(`${sent} spans were sent, ${health.store.items} are in the store`);
  const whole = Math.min(
    ...[sentry, otlp].map(({ spans, spansOfTrace }) => Math.floor(spans / spansOfTrace)),
  );
  const step = Math.max(1, Math.floor(whole / sampledTraces));
  for (let trace = 0; trace < whole; trace += step) {
    const view = (await readJson(`${url}/api/traces/${traceIdOf(trace)}`)) as Record<
      string,
      { spans: unknown[] }
    >;
    const counts = [view["sentry"]?.spans.length, view["otlp"]?.spans.length];
    const expected = [sentry.spansOfTrace, otlp.spansOfTrace];
    if (String(counts) !== String(expected))
      throw new Error(`trace ${trace} has ${String(counts)} spans, not ${String(expected)}`);
  }
  return sent;
}

async function readJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

function tabulate(...reports: readonly SenderReport[]): string[] {
  const row = (name: string, read: (report: SenderReport) => string): string =>
    `| ${name} | ${reports.map(read).join(" | ")} |`;
  const quantile =
    (share: number) =>
    ({ latenciesMillis }: SenderReport) => {
      const sorted = Float64Array.from(latenciesMillis).sort();
      return `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms`;
    };
  return [
    row("spans", ({ spans }) => String(spans)),
    row("spans a second", ({ spans, millis }) => (spans / (millis / 1000)).toFixed(0)),
    row("requests", ({ requests }) => String(requests)),
    row("bytes sent", ({ bytes }) => `${toMebibytes(bytes)} MiB`),
    row("asked to come again (503)", ({ retries }) => String(retries)),
    row("answered within, p50", quantile(0.5)),
    row("answered within, p99", quantile(0.99)),
    row("slowest answer", quantile(1 - 1e-9)),
  ];
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function toMebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
