import { readdir, readFile } from "node:fs/promises";

/** `CLK_TCK` of every Linux that Node runs on. */
const microsPerTick = 10_000;

/** Processor time of a process's children, running and ended, in microseconds. Linux only: read from /proc, to 10 ms. */
export async function readChildrenCpuMicros(pid: number): Promise<number> {
  const ended = (await readTicks(pid)).children;
  const running = await Promise.all((await readChildren(pid)).map(readProcessCpuMicros));
  return ended * microsPerTick + running.reduce((sum, one) => sum + one, 0);
}

/** Processor time of a process and of all its children, in microseconds. As coarse as {@link readChildrenCpuMicros}. */
export async function readProcessCpuMicros(pid: number): Promise<number> {
  return (await readTicks(pid)).own * microsPerTick + (await readChildrenCpuMicros(pid));
}

async function readTicks(pid: number): Promise<{ own: number; children: number }> {
  // The name of the program, in parentheses, may have spaces. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = text
    .replace(/^.*\) /s, "")
    .split(" ")
    .map(Number);
  const at = (index: number): number => fields[index] ?? 0;
  return { own: at(11) + at(12), children: at(13) + at(14) };
}

async function readChildren(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}
