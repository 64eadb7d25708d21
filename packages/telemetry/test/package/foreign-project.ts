import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const COMPILER = fileURLToPath(new URL("../../../../node_modules/typescript/bin/tsc", import.meta.url));
const KILL_AFTER_MILLIS = 120_000;

export interface ProcessResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project outside of this repository, with nothing in it but what npm puts there. */
export interface ForeignProject {
  readonly directory: string;
  /** @throws Error with npm's output when npm fails */
  npm(...args: string[]): Promise<void>;
  /** Runs Node with nothing in its environment but `env`. */
  node(args: readonly string[], env?: Record<string, string>): Promise<ProcessResult>;
  /** The versions of a package that are installed, by folder. */
  readVersions(name: string): Promise<Record<string, string>>;
  remove(): Promise<void>;
}

/** Starts with copies of these files. */
export async function createForeignProject(...files: readonly string[]): Promise<ForeignProject> {
  const directory = await mkdtemp(join(tmpdir(), "tracebridge-package-"));
  await Promise.all(files.map((file) => cp(file, join(directory, basename(file)))));
  return {
    directory,
    npm: (...args) => runNpm(args, directory),
    node: (args, env = {}) => runProcess(process.execPath, args, directory, env),
    readVersions: async (name) => {
      const text = await readFile(join(directory, "node_modules/.package-lock.json"), "utf8");
      const { packages } = JSON.parse(text) as { packages: Record<string, { version: string }> };
      const found = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
      return Object.fromEntries(found.map(([path, { version }]) => [path, version]));
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Builds and packs the package, and returns the tarball. The build goes to a folder of its own: tests that run at the
 * same time would write one `dist` over each other.
 */
export async function packTelemetry(): Promise<{ tarball: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "tracebridge-pack-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    return { tarball: await packInto(directory), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function packInto(directory: string): Promise<string> {
  const manifest = ["package.json", "README.md", "LICENSE"];
  await Promise.all(manifest.map((file) => cp(join(PACKAGE, file), join(directory, file))));
  for (const project of ["tsconfig.browser-build.json", "tsconfig.build.json"]) {
    const build = [COMPILER, "-p", join(PACKAGE, project), "--outDir", join(directory, "dist")];
    const built = await runProcess(process.execPath, build, PACKAGE, {});
    if (built.exitCode !== 0) throw new Error(`The package does not build:\n${built.stdout}${built.stderr}`);
  }
  await runNpm(["pack", "--ignore-scripts"], directory);
  const tarball = (await readdir(directory)).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball.");
  return join(directory, tarball);
}

async function runNpm(args: readonly string[], directory: string): Promise<void> {
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--no-progress"];
  const { exitCode, stdout, stderr } = await runProcess(
    "npm",
    [...args, ...quiet],
    directory,
    readNpmEnvironment(),
  );
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")} failed (${exitCode}):\n${stdout}${stderr}`);
}

/** Without what `npm test` tells its own scripts about this repository; a proxy or a mirror stays. */
function readNpmEnvironment(): Record<string, string> {
  const foreign =
    /^npm_(?!config_(cache|registry|userconfig|globalconfig|cafile|noproxy|proxy|https?_proxy)$)/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || foreign.test(name) || name === "NODE_OPTIONS" ? [] : [[name, value]],
    ),
  );
}

/** Runs a process to its end; killed after two minutes. */
export function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<ProcessResult> {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MILLIS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, ...output });
    });
  });
}
