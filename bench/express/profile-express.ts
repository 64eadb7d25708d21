import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  cutProfile,
  readPackage,
  readPlace,
  sumSelfTime,
  type CpuProfile,
  type SelfTime,
} from "../measure/cpu-profile.ts";
import { drawTable } from "../measure/table.ts";
import type { Peer } from "../peers.ts";
import { startExpressSystem } from "./express-system.ts";

const profiles = fileURLToPath(new URL("../profiles/", import.meta.url));
const warmUp = 3000;
const connections = 4;
/** Microseconds between two samples. */
const interval = 200;
const rows = 40;

interface Window {
  from: number;
  to: number;
}

/** Profiles one peer after its warm-up, until all is sent, and tells where its time goes. */
export async function profileExpress(peers: readonly Peer[], requests: number): Promise<string> {
  const [peer, ...others] = peers;
  if (!peer || others.length > 0) throw new Error("--profile takes one peer: --only <peer>");
  const folder = await mkdtemp(join(tmpdir(), "bench-profile-"));
  try {
    const window = await run(peer, requests, folder);
    const threads = await readThreads(folder, window);
    await mkdir(profiles, { recursive: true });
    const sections = threads.map(async (profile, index) => {
      const name = `${peer.name}${index === 0 ? "" : `.worker-${index}`}`;
      await writeFile(join(profiles, `${name}.cpuprofile`), JSON.stringify(profile));
      return describeProfile(name, profile, requests);
    });
    return (await Promise.all(sections)).join("\n\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(peer: Peer, requests: number, folder: string): Promise<Window> {
  const profiling = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${interval}`];
  const system = await startExpressSystem();
  try {
    const service = await system.startService(peer, profiling);
    await service.drive(warmUp, connections);
    const from = await service.process.readClockMicros();
    const { complaint } = await service.drive(requests, connections);
    if (complaint !== "") process.stderr.write(`${complaint}\n`);
    return { from, to: await service.process.readClockMicros() };
  } finally {
    await system.stop();
  }
}

/** The measured part of each thread's profile, the main thread first; threads that were idle in it are left out. */
async function readThreads(folder: string, { from, to }: Window): Promise<CpuProfile[]> {
  // CPU.<day>.<time>.<process>.<thread>.<number>.cpuprofile
  const names = (await readdir(folder)).toSorted((a, b) => readThread(a) - readThread(b));
  const threads = await Promise.all(
    names.map(async (name) => {
      const profile = JSON.parse(await readFile(join(folder, name), "utf8")) as CpuProfile;
      return cutProfile(profile, from, to);
    }),
  );
  return threads.filter((profile, index) => index === 0 || sumMicros(sumSelfTime(profile, () => "")) > 0);
}

function readThread(name: string): number {
  return Number(name.split(".")[4] ?? 0);
}

function describeProfile(name: string, profile: CpuProfile, requests: number): string {
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
    `\`bench/profiles/${name}.cpuprofile\`: ${(all / requests).toFixed(0)} µs a request over ${requests} requests, by self time.`,
    "",
    draw("package", sumSelfTime(profile, readPackage)),
    "",
    draw("function", places),
  ].join("\n");
}

function sumMicros(times: readonly SelfTime[]): number {
  return times.reduce((sum, { micros }) => sum + micros, 0);
}
