import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cutProfile, sumSelfTime, type CpuProfile, type SelfTime } from "./cpu-profile.ts";

const profiles = fileURLToPath(new URL("../profiles/", import.meta.url));
/** Microseconds between two samples. */
const interval = 200;

/** Two times of the clock that V8's profiles have, in microseconds. */
export interface Window {
  from: number;
  to: number;
}

/** For Node: a profile of each thread into the folder, when the process ends. */
export function createProfilingArguments(folder: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${interval}`];
}

/** The measured part of each thread's profile, the main thread first; threads that were idle in it are left out. */
export async function readThreads(folder: string, { from, to }: Window): Promise<CpuProfile[]> {
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

/** Writes the profiles of a process to where they can be opened, and returns those paths in the repository. */
export async function keepProfiles(process: string, threads: readonly CpuProfile[]): Promise<string[]> {
  await mkdir(profiles, { recursive: true });
  const keep = async (profile: CpuProfile, thread: number): Promise<string> => {
    const name = `${process}${thread === 0 ? "" : `.worker-${thread}`}.cpuprofile`;
    await writeFile(join(profiles, name), JSON.stringify(profile));
    return `bench/profiles/${name}`;
  };
  return Promise.all(threads.map(keep));
}

export function sumMicros(times: readonly SelfTime[]): number {
  return times.reduce((sum, { micros }) => sum + micros, 0);
}

function readThread(name: string): number {
  return Number(name.split(".")[4] ?? 0);
}
