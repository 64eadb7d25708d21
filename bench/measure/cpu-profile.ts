import { fileURLToPath } from "node:url";

/** What `node --cpu-prof` writes: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  nodes: ProfileNode[];
  /** Microseconds. */
  startTime: number;
  endTime: number;
  /** The node that ran at each sample, and the microseconds since the sample before. */
  samples: number[];
  timeDeltas: number[];
}

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

export interface SelfTime {
  name: string;
  micros: number;
}

/** What of a profile lies between two times of its clock. */
export function cutProfile(profile: CpuProfile, from: number, to: number): CpuProfile {
  let time = profile.startTime;
  const kept = profile.timeDeltas
    .map((delta, index) => ({ at: (time += delta), delta, sample: profile.samples[index] ?? 0 }))
    .filter(({ at }) => at >= from && at <= to);
  return {
    ...profile,
    startTime: from,
    endTime: to,
    samples: kept.map(({ sample }) => sample),
    timeDeltas: kept.map(({ delta }) => delta),
  };
}

/** Time in the functions themselves, most first. Waiting is left out. */
export function sumSelfTime(
  profile: CpuProfile,
  nameOf: (frame: ProfileNode["callFrame"]) => string,
): SelfTime[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const sums = new Map<string, number>();
  profile.samples.forEach((id, index) => {
    const frame = nodes.get(id);
    // A sample stands for the time until the next one.
    const micros = profile.timeDeltas[index + 1] ?? 0;
    if (!frame || frame.functionName === "(idle)") return;
    const name = nameOf(frame);
    sums.set(name, (sums.get(name) ?? 0) + micros);
  });
  return [...sums].map(([name, micros]) => ({ name, micros })).toSorted((a, b) => b.micros - a.micros);
}

/** The package a function is of; `node` for Node's own, native ones, too; or what V8 calls it: `(garbage collector)`. */
export function readPackage({ url, functionName }: ProfileNode["callFrame"]): string {
  if (url === "") return readNative(functionName);
  if (url.startsWith("node:")) return "node";
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  const own = /\/packages\/telemetry\/(?:src|dist)\/([^/]+)/.exec(url)?.[1];
  if (installed !== undefined) return installed;
  if (own !== undefined) return `@tracebridge/telemetry: ${own}`;
  return readFile(url);
}

function readNative(functionName: string): string {
  if (functionName.startsWith("RegExp:")) return "(regular expressions)";
  return functionName.startsWith("(") ? functionName : "node (native)";
}

/** The function with its file and line. */
export function readPlace(frame: ProfileNode["callFrame"]): string {
  const name = frame.functionName || "(anonymous)";
  return frame.url === "" ? name : `${name} ${readFile(frame.url)}:${frame.lineNumber + 1}`;
}

/** Without what is before the last `node_modules` or the repository. */
function readFile(url: string): string {
  if (url.startsWith("node:")) return url;
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const root = fileURLToPath(new URL("../../", import.meta.url));
  return path.replace(/^.*\/node_modules\//, "").replace(root, "");
}
