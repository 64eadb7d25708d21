import { describeSpread, median } from "../measure/statistics.ts";
import { drawTable } from "../measure/table.ts";
import { pace, spansPerTrace } from "./express-system.ts";
import type { ExpressMeasurement, ExpressPlan, SentPerTrace } from "./measure-express.ts";

/** The peers that all others are told as a multiple of. */
const references = ["otel-otlp", "sentry-11"];

/** The bounds that this package has set itself on `ours-both`. */
const bounds = [
  { reference: "sentry-11", required: true, most: 0.5 },
  { reference: "otel-otlp", required: false, most: 1.5 },
];

export function describeExpress(measurements: readonly ExpressMeasurement[], plan: ExpressPlan): string {
  const { warmUp, resume, rounds, requests, connections } = plan;
  return [
    `An Express service with one route that calls one http leaf; ${spansPerTrace} spans a trace, all sampled. A driver keeps ${connections}`,
    `connections busy, with a pause of ${pace.pauseMillis} ms after each ${pace.burst} requests. After ${warmUp} requests to each service there are ${rounds} rounds`,
    `of ${requests} requests, peers interleaved, each right behind ${resume} that bring an idle process back; what these cost is not measured,`,
    `save that their spans are sent with the others: the sending of every peer is overstated by up to ${((100 * resume) / requests).toFixed(0)} %. Microseconds of`,
    "the service's CPU a request: all threads and child processes, until the last span was sent; idle time counts in which a",
    "timer of a peer waits, as before Sentry 11's flush. The receivers got exactly the spans of all requests, unless it is said below.",
    "",
    drawCpu(measurements),
    "",
    ...describeBounds(measurements),
    "What a trace sends, in requests and bytes of their bodies:",
    "",
    drawSent(measurements),
    ...describeRepeated(measurements),
    "",
    ...measurements.map(({ peer }) => `- \`${peer.name}\`: ${peer.description}`),
  ].join("\n");
}

function drawCpu(measurements: readonly ExpressMeasurement[]): string {
  const known = references.filter((name) => findMedian(measurements, name) !== undefined);
  const hasBefore = measurements.some(({ peer }) => peer.name.startsWith("before-"));
  const head = ["peer", "median", "middle half", "range", ...known.map((name) => `× ${name}`)];
  const rows = measurements.map(({ peer, cpuMicros }) => {
    const { median, lower, upper, min, max } = describeSpread(cpuMicros);
    const ratioTo = (name: string): string => tellRatio(median, findMedian(measurements, name));
    return [
      peer.name,
      median.toFixed(0),
      `${lower.toFixed(0)}–${upper.toFixed(0)}`,
      `${min.toFixed(0)}–${max.toFixed(0)}`,
      ...known.map(ratioTo),
      ...(hasBefore ? [peer.name.startsWith("ours-") ? ratioTo(`before-${peer.name.slice(5)}`) : ""] : []),
    ];
  });
  return drawTable([...head, ...(hasBefore ? ["× before"] : [])], rows);
}

function describeBounds(measurements: readonly ExpressMeasurement[]): string[] {
  const ours = findMedian(measurements, "ours-both");
  if (ours === undefined) return [];
  return bounds.flatMap(({ reference, required, most }) => {
    const other = findMedian(measurements, reference);
    if (other === undefined) return [];
    const verdict = ours / other <= most ? "is kept" : "is not kept";
    return [
      `\`ours-both\` costs ${tellRatio(ours, other)} × \`${reference}\`: the ${required ? "bound" : "target"} of ${most} ${verdict}.`,
      "",
    ];
  });
}

function drawSent(measurements: readonly ExpressMeasurement[]): string {
  const rows = measurements.flatMap(({ peer, sentry, otlp }) => [
    ...tellSent(peer.name, "Sentry envelopes", sentry),
    ...tellSent(peer.name, "OTLP", otlp),
  ]);
  return drawTable(["peer", "protocol", "requests", "bytes sent", "before compression"], rows);
}

function tellSent(peer: string, protocol: string, sent: SentPerTrace | undefined): string[][] {
  if (!sent) return [];
  const { requests, sentBytes, bytes } = sent;
  return [[peer, protocol, requests.toPrecision(2), sentBytes.toFixed(0), bytes.toFixed(0)]];
}

function describeRepeated(measurements: readonly ExpressMeasurement[]): string[] {
  return measurements
    .filter(({ repeated }) => repeated > 0)
    .flatMap(({ peer, repeated, lostShare }) => {
      const rest = lostShare > 0 ? `; in others up to ${(lostShare * 100).toFixed(1)} % are missing` : "";
      return ["", `\`${peer.name}\` dropped spans: ${repeated} rounds were run again${rest}.`];
    });
}

function findMedian(measurements: readonly ExpressMeasurement[], name: string): number | undefined {
  const found = measurements.find(({ peer }) => peer.name === name);
  return found && median(found.cpuMicros);
}

function tellRatio(value: number, reference: number | undefined): string {
  return reference === undefined ? "" : (value / reference).toFixed(2);
}
