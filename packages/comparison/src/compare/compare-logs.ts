import type { TraceLog } from "../model.ts";
import { compareTimes, readNanosBetween } from "../time.ts";
import { readOwn } from "./equal.ts";
import type { Findings } from "./findings.ts";
import { placeOf } from "./place.ts";
import { matchUp } from "./match-up.ts";
import { isCarried } from "./rules/losses.ts";
import type { Scene } from "./scene.ts";

/** Logs have no id: the most alike are partners. Where a format keeps none, one difference for each service says so. */
export function compareLogs(scene: Scene, findings: Findings, toleranceNanos: number): void {
  const { rich, poor } = scene;
  if (isCarried("log", rich.format) !== isCarried("log", poor.format)) {
    countLogs(scene, findings);
    return;
  }
  const byTime = (a: TraceLog, b: TraceLog): number => compareTimes(a.timeUnixNano, b.timeUnixNano);
  const { pairs, richOnly, poorOnly } = matchUp(
    rich.trace.logs.toSorted(byTime),
    poor.trace.logs.toSorted(byTime),
    [
      (log) =>
        JSON.stringify([log.spanId, log.body, log.level, log.timeUnixNano, log.service, log.attributes]),
      ({ spanId, body, level, timeUnixNano }) => JSON.stringify([spanId, body, level, timeUnixNano]),
      ({ spanId, body, level }) => JSON.stringify([spanId, body, level]),
      ({ spanId, timeUnixNano }) => JSON.stringify([spanId, timeUnixNano]),
      ({ body, timeUnixNano }) => JSON.stringify([body, timeUnixNano]),
    ],
  );
  for (const pair of pairs) comparePair(pair, findings, toleranceNanos);
  for (const log of richOnly) {
    findings.look({ field: "log", rich: tell(log), poor: undefined, log }, placeOf(log));
  }
  for (const log of poorOnly) findings.look({ field: "log", rich: undefined, poor: tell(log) }, placeOf(log));
}

function comparePair(
  { rich, poor }: { rich: TraceLog; poor: TraceLog },
  findings: Findings,
  toleranceNanos: number,
): void {
  const isSameTime = Math.abs(readNanosBetween(rich.timeUnixNano, poor.timeUnixNano)) <= toleranceNanos;
  const told = isSameTime ? { ...poor, timeUnixNano: rich.timeUnixNano } : poor;
  const place = placeOf(rich, poor);
  findings.look({ field: "log", rich: tell(rich), poor: tell(told) }, place);
  for (const key of new Set([...Object.keys(rich.attributes), ...Object.keys(poor.attributes)])) {
    findings.look(
      {
        field: "log",
        key,
        rich: readOwn(rich.attributes, key),
        poor: readOwn(poor.attributes, key),
        logs: { rich, poor },
      },
      place,
    );
  }
}

function tell({ attributes: _attributes, ...log }: TraceLog): Omit<TraceLog, "attributes"> {
  return log;
}

function countLogs({ rich, poor }: Scene, findings: Findings): void {
  const [of, isRich] = rich.trace.logs.length > 0 ? [rich, true] : [poor, false];
  for (const [service, logs] of Map.groupBy(of.trace.logs, (log) => log.service)) {
    const told = `${logs.length} logs`;
    findings.look(
      { field: "log", rich: isRich ? told : undefined, poor: isRich ? undefined : told },
      { service },
    );
  }
}
