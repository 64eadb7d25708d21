import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
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
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "tracebridge-compose");
  await mkdir(cache, { recursive: true });
  const engine = await startEngine(join(cache, "engine"));
  const stack = createComposeStack(engine, cache);
  let hasPassed = true;
  try {
    await stack.configure({});
    await removeStack(stack);
    const names = await stack.compose("--profile", "*", "config", "--images");
    const version = await engine.docker("version", "--format", "{{.Server.Version}}");
    tell(
      `## What was real`,
      "",
      `- Docker Engine ${version} and Compose of Debian: real, and so are docker-compose.yaml,`,
    );
    tell(`  .env.example, the Dockerfile and everything in deploy/ that they mount`);
    await buildImages(engine, [...new Set(names.split("\n"))].sort(), cache, tell);
    tell("", "## Our own image", "", await measureImage(engine));
    for (const name of options.checks ?? Object.keys(checks)) {
      const check = checks[name];
      if (!check)
        throw new Error(`There is no check "${name}". Those that are: ${Object.keys(checks).join(", ")}.`);
      const { passed, lines } = await runCheck(check, stack);
      hasPassed &&= passed;
      tell("", `## ${check.name}`, "", `${passed ? "Passed" : "FAILED"}.`, "", ...lines);
    }
  } finally {
    await removeStack(stack);
    if (options.removeImages) await engine.docker("system", "prune", "--all", "--force", "--volumes");
    await engine.stop();
  }
  if (options.results) await writeResults(options.results);
  return hasPassed;
}

async function writeResults(file: string): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const head = [
    "# What the compose test showed",
    "",
    `\`npm run test:compose\`, ${date}, on 2 shared cores.`,
    "",
  ];
  await writeFile(file, [...head, ...report, ""].join("\n"));
}

if (process.argv.includes("--help")) process.stdout.write(usage);
else process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1;
