import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import type { Check, Finding } from "./checks/check.ts";
import { exportersCheck } from "./checks/exporters.ts";
import { healthyCheck } from "./checks/healthy.ts";
import { outageCheck } from "./checks/outage.ts";
import { restartsCheck } from "./checks/restarts.ts";
import { scaleCheck } from "./checks/scale.ts";
import { startEngine } from "./engine.ts";
import { measureImage } from "./image-size.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { createComposeStack, removeStack, type ComposeStack } from "./stack.ts";
import { buildImages } from "./stand-ins.ts";

const checks: Record<string, Check> = {
  healthy: healthyCheck,
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
  const cleanUp = async (): Promise<void> => {
    await removeStack(stack);
    if (options.removeImages) await engine.docker("system", "prune", "--all", "--force", "--volumes");
    await engine.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  let hasPassed = true;
  try {
    await prepare(stack, cache);
    for (const check of chosen) {
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
}

if (process.argv.includes("--help")) process.stdout.write(usage);
else process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1;
