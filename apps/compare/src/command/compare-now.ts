import { setTimeout as sleep } from "node:timers/promises";
import { alignTraces, compareTraces, isRecent, readMillis, type SideSummary } from "@tracebridge/comparison";
import type { Compared } from "./compared.ts";
import { createEmptyTrace, findTraceIds, isFile, readTraces, type SourcePair } from "./compare-sources.ts";
import type { CompareRequest } from "./read-compare-arguments.ts";

/** What ended this recently may still be on its way to one side, unless more patience is asked for. */
const graceMillis = 10_000;
const pollMillis = 1000;

/** @returns undefined when neither side knows anything by that id */
export async function compareNow(
  request: CompareRequest,
  sources: SourcePair,
): Promise<Compared | undefined> {
  const traceIds = request.isTraceId ? [request.id] : await findTraceIds(sources, request.id);
  const [traceId, ...otherTraceIds] = traceIds;
  if (traceId === undefined) return undefined;
  const [ofLeft, ofRight] = await readTraces(sources, traceId);
  if (!ofLeft && !ofRight) return undefined;
  const left = ofLeft ?? createEmptyTrace(traceId, sources.left.format);
  const right = ofRight ?? createEmptyTrace(traceId, sources.right.format);
  const { toleranceMillis } = request;
  const comparison = compareTraces(left, right, {
    ...(toleranceMillis === undefined ? {} : { toleranceMillis }),
    ...(mayChange(sources) ? { nowMillis: Date.now(), graceMillis: readGrace(request) } : {}),
  });
  return { comparison, left, right, otherTraceIds };
}

/** Compares again, as long as there is time, until nothing can be on its way any more. */
export async function compareWhenComplete(
  request: CompareRequest,
  sources: SourcePair,
  onWait: () => void,
): Promise<Compared | undefined> {
  const deadline = Date.now() + request.waitMillis;
  let told = false;
  for (;;) {
    const compared = await compareNow(request, sources);
    const leftMillis = deadline - Date.now();
    if (leftMillis <= 0 || !mayChange(sources) || isComplete(compared, request)) return compared;
    if (!told) onWait();
    told = true;
    await sleep(Math.min(pollMillis, leftMillis));
  }
}

function isComplete(compared: Compared | undefined, request: CompareRequest): boolean {
  if (!compared) return false;
  const { comparison, left, right } = compared;
  if (comparison.counts.late > 0 && comparison.verdict !== "one-sided") return false;
  // A parent that neither side has yet: both tell the same, but not all.
  const lacksSomething =
    comparison.verdict === "one-sided" ||
    comparison.verdict === "no-spans" ||
    alignTraces(left, right).some(({ orphan }) => orphan);
  const grace = readGrace(request);
  return !lacksSomething || ![comparison.left, comparison.right].some((side) => isYoung(side, grace));
}

/** Young enough for more of it to arrive. */
function isYoung({ startTimeUnixNano, durationNanos, logs, errors }: SideSummary, grace: number): boolean {
  // Logs and errors are not kept back until a span ends.
  if (startTimeUnixNano === undefined) return logs + errors > 0;
  return isRecent(readMillis(startTimeUnixNano) + durationNanos / 1e6, Date.now(), grace);
}

function readGrace({ waitMillis }: CompareRequest): number {
  return Math.max(graceMillis, waitMillis);
}

function mayChange({ left, right }: SourcePair): boolean {
  return !isFile(left) || !isFile(right);
}
