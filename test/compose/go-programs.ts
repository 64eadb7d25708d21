import { existsSync } from "node:fs";
import { cp, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.ts";

const collectorVersion = "v0.160.0";
/** The tag that the same commit has as a Go module: Jaeger 2.13.0. */
const jaegerVersion = "v1.76.0";
const manifest = fileURLToPath(new URL("images/collector/builder.yaml", import.meta.url));
const env = { CGO_ENABLED: "0" };
const goBuild = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"];

/** The collector, by its own builder. Built once (minutes), then kept. @returns the path of the program */
export async function buildCollector(folder: string): Promise<string> {
  const program = join(folder, `otelcol-contrib-${collectorVersion}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const builder = `go.opentelemetry.io/collector/cmd/builder@${collectorVersion}`;
  await runCommand("go", ["run", builder, "--skip-compilation", "--config", manifest], { cwd: folder, env });
  const output = `${program}.new`;
  await runCommand("nice", ["go", ...goBuild, "-o", output, "."], { cwd: join(folder, "collector"), env });
  await rename(output, program);
  return program;
}

/** Jaeger, inside its own module, because its go.mod replaces modules. Built once (minutes), then kept. */
export async function buildJaeger(folder: string): Promise<string> {
  const program = join(folder, `jaeger-${jaegerVersion}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const module = `github.com/jaegertracing/jaeger@${jaegerVersion}`;
  const download = await runCommand("go", ["mod", "download", "-json", module], { cwd: folder, env });
  const { Dir: downloaded } = JSON.parse(download) as { Dir: string };
  const sources = join(folder, "jaeger");
  await cp(downloaded, sources, { recursive: true });
  await runCommand("chmod", ["-R", "u+w", sources]);
  const output = `${program}.new`;
  await runCommand("nice", ["go", ...goBuild, "-o", output, "./cmd/jaeger"], { cwd: sources, env });
  await rename(output, program);
  return program;
}
