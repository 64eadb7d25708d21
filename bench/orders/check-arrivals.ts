import type { Peer } from "../peers.ts";
import type { Counts } from "../receiver/counts.ts";
import type { OrderMeasurement } from "./measure-orders.ts";

/** From the request to the last status; under load an order can have one more, to tidy an outbox. */
const spansOfOrder = 23;

/** @throws Error when spans of ours are missing at a back end, or an order has more than one trace */
export function checkArrivals({ name, sendsTo }: Peer, { orders, received }: OrderMeasurement): void {
  const problems = sendsTo.flatMap((backEnd) =>
    findProblems(received[backEnd], orders).map((problem) => `${backEnd}: ${problem}`),
  );
  const numbers = new Set(sendsTo.map((backEnd) => received[backEnd].spans));
  if (numbers.size > 1)
    problems.push(`one back end has more spans than the other: ${[...numbers].join(", ")}`);
  if (problems.length > 0) throw new Error(`${name}, ${orders} orders: ${problems.join("; ")}`);
}

function findProblems({ traces, tracesBySpans, duplicates }: Counts, orders: number): string[] {
  const incomplete = Object.entries(tracesBySpans).filter(([spans]) => Number(spans) < spansOfOrder);
  return [
    ...(traces === orders ? [] : [`${traces} traces`]),
    ...incomplete.map(([spans, count]) => `${count} traces of ${spans} spans, not ${spansOfOrder}`),
    ...(duplicates === 0 ? [] : [`${duplicates} spans came twice`]),
  ];
}
