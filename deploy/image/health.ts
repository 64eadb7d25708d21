/**
 * Asks each address once and ends with exit code 1 when one does not answer well: `node health.ts <url>…`. With `--watch`
 * before the addresses it stays, asks again and again, and tells every change; that is for programs whose images cannot
 * run a health check of their own.
 */
const timeoutMillis = 3000;
const pauseMillis = 5000;
const args = process.argv.slice(2);
const isWatching = args[0] === "--watch";
const urls = isWatching ? args.slice(1) : args;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));

const said = new Map<string, string>();
const isWell = await askAll();
if (isWatching) setInterval(() => void askAll(), pauseMillis);
else process.exitCode = isWell ? 0 : 1;

async function askAll(): Promise<boolean> {
  const problems = await Promise.all(urls.map(tellChange));
  return problems.every((problem) => problem === undefined);
}

/** Prints a line when the answer differs from the last one; a single round prints problems only. */
async function tellChange(url: string): Promise<string | undefined> {
  const problem = await ask(url);
  const line = `${url} ${problem ?? "answers"}`;
  if (said.get(url) !== line && (isWatching || problem !== undefined)) console.log(line);
  said.set(url, line);
  return problem;
}

async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMillis) });
    await response.body?.cancel();
    return response.ok ? undefined : `answers with status ${response.status}`;
  } catch {
    return "does not answer";
  }
}
