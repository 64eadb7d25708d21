import { describeSpread, median } from "../measure/statistics.ts";
import { drawTable } from "../measure/table.ts";
import type { Subject } from "../spans/subject.ts";

export interface Measured extends Subject {
  /** Microseconds per span, one reading a round. */
  readonly costs: number[];
}

/** One row a peer: both readings, compared with the two others that matter. */
export function describeIsolation(
  subjects: readonly Measured[],
  shares: ReadonlyMap<Subject, number>,
  rounds: number,
): string {
  const rows = subjects
    .filter(({ isOffline }) => isOffline)
    .map((written) => {
      const sent = subjects.find(({ isOffline, peer }) => !isOffline && peer === written.peer);
      const share = sent && shares.get(sent);
      return [
        written.peer.name,
        describeCosts(written),
        describeRatioToOtlp(written, subjects),
        describeRatio(written, find(subjects, "sentry-11", true)),
        describeCosts(sent),
        describeRatioToOtlp(sent, subjects),
        describeRatio(sent, find(subjects, "sentry-11", false)),
        share === undefined ? "" : `${(share * 100).toFixed(share === 1 ? 0 : 2)} %`,
      ];
    });
  return [
    "Processor time of all threads per span, in microseconds: median of " +
      `${rounds} interleaved rounds, lowest and highest in parentheses.`,
    "A process makes traces of a server span and nine children with the attributes that instrumentations give them, and does",
    "nothing else; `none` is what making them costs without an SDK, and is part of every other figure. *Written*, 1,500 traces a",
    "second: everything up to the finished, compressed request body; `node:http` and undici answer 200 at once, without a",
    "connection, for all alike. *Sent*, 300 traces a second: the same over the loopback interface to a receiver in another",
    "process, which counts what arrives. `otel-batch` is a batch processor whose exporter throws everything away, `ours-batch`",
    "the bridge's processor beside such a one: both processors, and for Sentry all up to the compressed envelope.",
    "",
    drawTable(
      ["", "written", "÷ otel-otlp", "÷ sentry-11", "sent", "÷ otel-otlp", "÷ sentry-11", "arrived"],
      rows,
    ),
    ...describeBridge(subjects),
  ].join("\n");
}

/** It encodes no OTLP, so that `otel-otlp` does more. */
const bridgeAndBatch = "ours-batch";

function describeBridge(subjects: readonly Measured[]): string[] {
  const ratio = describeRatio(find(subjects, bridgeAndBatch, true), find(subjects, "otel-batch", true));
  if (ratio === "") return [];
  return [
    "",
    `\`${bridgeAndBatch}\` costs ${ratio} × \`otel-batch\`: neither encodes OTLP, so that it is not compared with \`otel-otlp\`.`,
  ];
}

function find(subjects: readonly Measured[], name: string, isOffline: boolean): Measured | undefined {
  return subjects.find((subject) => subject.peer.name === name && subject.isOffline === isOffline);
}

function describeCosts(subject: Measured | undefined): string {
  if (!subject) return "";
  const { median: middle, min, max } = describeSpread(subject.costs);
  return `${middle.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`;
}

function describeRatio(subject: Measured | undefined, other: Measured | undefined): string {
  if (!subject || !other) return "";
  return (median(subject.costs) / median(other.costs)).toFixed(2);
}

function describeRatioToOtlp(subject: Measured | undefined, subjects: readonly Measured[]): string {
  if (!subject || subject.peer.name === bridgeAndBatch) return "";
  return describeRatio(subject, find(subjects, "otel-otlp", subject.isOffline));
}
