import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  readPackage,
  readPlace,
  sumSelfTime,
  type CpuProfile,
  type SelfTime,
} from "../measure/cpu-profile.ts";
import {
  createProfilingArguments,
  keepProfile,
  readThreads,
  sumMicros,
  type Window,
} from "../measure/profile-threads.ts";
import { drawTable } from "../measure/table.ts";
import type { Peer } from "../peers.ts";
import { startExpressSystem } from "./express-system.ts";

const warmUp = 3000;
const connections = 4;
const rows = 40;

/** Profiles one peer after its warm-up, until all is sent, and tells where its time goes. */
export async function profileExpress(peers: readonly Peer[], requests: number): Promise<string> {
  const [peer, ...others] = peers;
  if (!peer || others.length > 0) throw new Error("--profile takes one peer: --only <peer>");
  const folder = await mkdtemp(join(tmpdir(), "bench-profile-"));
  try {
    const window = await run(peer, requests, folder);
    const threads = await readThreads(folder, window);
    const sections = threads.map(async (profile, index) => {
      const path = await keepProfile(`${peer.name}${index === 0 ? "" : `.worker-${index}`}`, profile);
      return describeProfile(path, profile, requests);
    });
    return (await Promise.all(sections)).join("\n\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(peer: Peer, requests: number, folder: string): Promise<Window> {
  const system = await startExpressSystem();
  try {
    const service = await system.startService(peer, createProfilingArguments(folder));
    await service.send(warmUp, connections);
    await service.collect();
    const from = await service.process.readClockMicros();
    await service.send(requests, connections);
    const { complaint } = await service.collect();
    if (complaint !== "") process.stderr.write(`${complaint}\n`);
    return { from, to: await service.process.readClockMicros() };
  } finally {
    await system.stop();
  }
}

function describeProfile(path: string, profile: CpuProfile, requests: number): string {
  const places = sumSelfTime(profile, readPlace);
  const all = sumMicros(places);
  const draw = (head: string, times: readonly SelfTime[]): string =>
    drawTable(
      ["µs a request", "%", head],
      times
        .slice(0, rows)
        .map((one) => [(one.micros / requests).toFixed(1), ((one.micros / all) * 100).toFixed(1), one.name]),
    );
  return [
    `\`${path}\`: ${(all / requests).toFixed(0)} µs a request over ${requests} requests, by self time.`,
    "",
    draw("package", sumSelfTime(profile, readPackage)),
    "",
    draw("function", places),
  ].join("\n");
}
