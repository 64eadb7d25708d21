import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Peer } from "../peers.ts";
import { readPackage, readPlace, sumSelfTime, type CpuProfile, type SelfTime } from "./cpu-profile.ts";
import { keepProfiles, readThreads, sumMicros, type Window } from "./profile-threads.ts";
import { drawTable } from "./table.ts";

const rows = 40;

/**
 * Has the one peer run with a folder for V8's profiles, and returns what `act` says of it.
 * @throws Error for more than one peer, or none
 */
export async function profilePeer(
  peers: readonly Peer[],
  act: (peer: Peer, folder: string) => Promise<string>,
): Promise<string> {
  const [peer, ...others] = peers;
  if (!peer || others.length > 0) throw new Error("--profile takes one peer: --only <peer>");
  const folder = await mkdtemp(join(tmpdir(), "bench-profile-"));
  try {
    return await act(peer, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Keeps the profiles of one process under `name`, and tells where the time of each thread went. */
export async function describeThreads(
  name: string,
  { folder, window }: { folder: string; window: Window },
  work: { unit: string; count: number },
): Promise<string> {
  const threads = await readThreads(folder, window);
  const paths = await keepProfiles(name, threads);
  return threads.map((profile, index) => describeThread(paths[index] ?? "", profile, work)).join("\n\n");
}

function describeThread(
  path: string,
  profile: CpuProfile,
  { unit, count }: { unit: string; count: number },
): string {
  const places = sumSelfTime(profile, readPlace);
  const all = sumMicros(places);
  const draw = (head: string, times: readonly SelfTime[]): string =>
    drawTable(
      [`µs a ${unit}`, "%", head],
      times
        .slice(0, rows)
        .map((one) => [(one.micros / count).toFixed(2), ((one.micros / all) * 100).toFixed(1), one.name]),
    );
  return [
    `\`${path}\`: ${(all / count).toFixed(1)} µs a ${unit} over ${count} of them, by self time.`,
    "",
    draw("package", sumSelfTime(profile, readPackage)),
    "",
    draw("function", places),
  ].join("\n");
}
