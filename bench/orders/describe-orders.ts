import { describeSpread, median } from "../measure/statistics.ts";
import { drawTable } from "../measure/table.ts";
import { describeLatency } from "./describe-latency.ts";
import type { OrderMeasurement, OrderPlan, PeerMeasurements } from "./measure-orders.ts";
import { lookMillis } from "./order-services.ts";

type Load = "busy" | "steady";

/** The peers that all others are told as a multiple of. */
const references = ["none", "otel-otlp", "sentry-11"];

/** The section of RESULTS.md. */
export function describeOrders(all: readonly PeerMeasurements[], plan: OrderPlan): string {
  const { busy, steady, rounds, warmUpOrders } = plan;
  const rate = `${steady.perSecond} orders a second`;
  const latencies = rounds * steady.perSecond * steady.seconds;
  return [
    "The order flow of this repository. An order is a request to web, five messages and the writes of three services: 23 spans,",
    `all traces sampled, no logs sent. After ${warmUpOrders} orders to each peer, ${rounds} rounds, peers interleaved: ${busy.orders} orders,`,
    `${busy.atOnce} of them at once, then ${rate} for ${steady.seconds} s. CPU is that of web, order and factory together, all threads and child`,
    "processes, until the last span was sent. Broker and database, the receiver and the load are other processes on the same",
    `machine; the database's share includes what the bench itself asks, every ${lookMillis} ms, to see orders finished.`,
    "Medians of the rounds, and their range; ratios are medians of each round's. The receivers got every span of ours.",
    "",
    `CPU and throughput, ${busy.atOnce} orders at once:`,
    "",
    drawCpu(all, "busy"),
    "",
    `CPU at ${rate}:`,
    "",
    drawCpu(all, "steady"),
    "",
    `Latency at ${rate} in milliseconds, and what is added to \`none\`: of ${latencies} orders of each peer, all rounds together,`,
    "so that few orders make a p99:",
    "",
    describeLatency(all),
    "",
    "What arrived for an order; Sentry's own SDKs report as discarded the spans they never began, too:",
    "",
    drawArrivals(all),
    "",
    ...all.map(({ peer }) => `- \`${peer.name}\`: ${peer.description}`),
  ].join("\n");
}

function drawCpu(all: readonly PeerMeasurements[], load: Load): string {
  const known = all.filter(({ peer }) => references.includes(peer.name));
  const hasThroughput = load === "busy";
  const head = [
    "peer",
    ...(hasThroughput ? ["orders a second"] : []),
    "CPU ms an order",
    "more than none",
    ...known.map(({ peer }) => `× ${peer.name}`),
    "broker and database",
    "receiver",
  ];
  const rows = all.map((one) => [
    one.peer.name,
    ...(hasThroughput ? [tellSpread(one.busy.map(({ orders, seconds }) => orders / seconds))] : []),
    tellSpread(one[load].map(({ cpuMillis }) => cpuMillis)),
    tellAdded(one, all, load),
    ...known.map((other) => tell(median(compare(one, other, load, (own, others) => own / others)))),
    tell(median(one[load].map(({ serverCpuMillis }) => serverCpuMillis))),
    tell(median(one[load].map(({ receiverCpuMillis }) => receiverCpuMillis))),
  ]);
  return drawTable(head, rows);
}

function tellAdded(one: PeerMeasurements, all: readonly PeerMeasurements[], load: Load): string {
  const none = all.find(({ peer }) => peer.name === "none");
  if (!none || none === one) return "";
  return tell(median(compare(one, none, load, (own, others) => own - others)));
}

/** CPU of two peers, round by round. */
function compare(
  one: PeerMeasurements,
  other: PeerMeasurements,
  load: Load,
  relate: (own: number, others: number) => number,
): number[] {
  return one[load].map(({ cpuMillis }, round) =>
    relate(cpuMillis, other[load][round]?.cpuMillis ?? Number.NaN),
  );
}

function drawArrivals(all: readonly PeerMeasurements[]): string {
  const rows = all.flatMap(({ peer, busy, steady }) => {
    const measurements = [...busy, ...steady];
    const orders = sum(measurements, (one) => one.orders);
    return peer.sendsTo.map((backEnd) => {
      const each = (
        name: "traces" | "spans" | "discardedSpans" | "requests" | "sentBytes" | "bytes",
      ): string => tell(sum(measurements, ({ received }) => received[backEnd][name]) / orders);
      const names = ["traces", "spans", "discardedSpans", "requests", "sentBytes", "bytes"] as const;
      return [peer.name, backEnd, ...names.map(each)];
    });
  });
  const head = [
    "peer",
    "protocol",
    "traces",
    "spans",
    "discarded",
    "requests",
    "bytes sent",
    "before compression",
  ];
  return drawTable(head, rows);
}

function sum(measurements: readonly OrderMeasurement[], read: (one: OrderMeasurement) => number): number {
  return measurements.reduce((total, one) => total + read(one), 0);
}

function tellSpread(values: readonly number[]): string {
  const { median: middle, min, max } = describeSpread(values);
  return values.length < 2 ? tell(middle) : `${tell(middle)} (${tell(min)}–${tell(max)})`;
}

function tell(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
