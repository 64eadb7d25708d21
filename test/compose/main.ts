import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import type { Check, Finding } from "./checks/check.ts";
import { comparisonsCheck } from "./checks/comparisons.ts";
import { exportersCheck } from "./checks/exporters.ts";
import { healthyCheck } from "./checks/healthy.ts";
import { mailCheck } from "./checks/mail.ts";
import { outageCheck } from "./checks/outage.ts";
import { restartsCheck } from "./checks/restarts.ts";
import { scaleCheck } from "./checks/scale.ts";
import { startEngine } from "./engine.ts";
import { measureImage } from "./image-size.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { runCommand } from "./run-command.ts";
import { createComposeStack, removeStack, type ComposeStack } from "./stack.ts";
import { buildImages } from "./stand-ins.ts";

const checks: Record<string, Check> = {
  healthy: healthyCheck,
  mail: mailCheck,
  comparisons: comparisonsCheck,
  exporters: exportersCheck,
  scale: scaleCheck,
  restarts: restartsCheck,
  outage: outageCheck,
};

const report: string[] = [];

function tell(...lines: string[]): void {
  report.push(...lines);
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function runCheck(check: Check, stack: ComposeStack): Promise<Finding> {
  try {
    return await check.run(stack);
  } catch (error) {
    return { passed: false, lines: [error instanceof Error ? error.message : String(error)] };
  }
}

async function run(options: Options): Promise<boolean> {
  const chosen = chooseChecks(options.checks);
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "tracebridge-compose");
  await mkdir(cache, { recursive: true });
  const engine = await startEngine(join(cache, "engine"));
  const stack = createComposeStack(engine, cache);
  const interruption = new AbortController();
  // Once, though the interrupted check fails, too, and ends here as well.
  let ending: Promise<void> | undefined;
  const cleanUp = (): Promise<void> => (ending ??= removeAll(stack, options.removeImages));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      interruption.abort();
      void cleanUp().finally(() => process.exit(1));
    });
  }
  let hasPassed = true;
  try {
    await prepare(stack, cache);
    for (const check of chosen) {
      if (interruption.signal.aborted) break;
      const { passed, lines } = await runCheck(check, stack);
      hasPassed &&= passed;
      tell("", `## ${check.name}`, "", `${passed ? "Passed" : "FAILED"}.`, "", ...lines);
    }
  } finally {
    await cleanUp();
  }
  if (options.results) await writeResults(options.results);
  return hasPassed;
}

/** The engine ends even when something in it cannot be removed: the next run begins with removing. */
async function removeAll(stack: ComposeStack, removeImages: boolean): Promise<void> {
  try {
    await removeStack(stack);
    if (removeImages) await stack.engine.docker("system", "prune", "--all", "--force", "--volumes");
  } finally {
    await stack.engine.stop();
  }
}

function chooseChecks(names = Object.keys(checks)): Check[] {
  return names.map((name) => {
    const check = checks[name];
    if (check) return check;
    throw new Error(`There is no check "${name}". Those that are: ${Object.keys(checks).join(", ")}.`);
  });
}

/** Removes what an earlier run may have left, and builds the images. */
async function prepare(stack: ComposeStack, cache: string): Promise<void> {
  await stack.configure({});
  await removeStack(stack);
  const version = await stack.engine.docker("version", "--format", "{{.Server.Version}}");
  const files = "docker-compose.yaml, .env.example, the Dockerfile and what deploy/ has for them";
  tell("## What was real", "", `- Docker Engine ${version} and Compose of Debian, ${files}`);
  const names = await stack.compose("--profile", "*", "config", "--images");
  await buildImages(stack.engine, [...new Set(names.split("\n"))].sort(), cache, tell);
  tell("", "## Our own image", "", await measureImage(stack.engine));
}

async function writeResults(file: string): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const cores = availableParallelism();
  const head = [
    "# What the compose test showed",
    "",
    `\`npm run test:compose\`, ${date}, ${cores} cores.`,
    "",
  ];
  await writeFile(file, [...head, ...report, ""].join("\n"));
  await runCommand("oxfmt", [file]);
}

if (process.argv.includes("--help")) process.stdout.write(usage);
else {
  try {
    process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
