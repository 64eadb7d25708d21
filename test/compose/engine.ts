import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, globSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readUntil } from "../system/eventually.ts";
import { runCommand } from "./run-command.ts";

/** A Docker Engine of this run alone, with its own folder and socket. */
export interface Engine {
  /** Runs `docker …`. */
  docker(...args: string[]): Promise<string>;
  /** Path of the Compose program. */
  compose: string;
  env: { DOCKER_HOST: string };
  /** Ends the engine; what it holds stays in its folder. */
  stop(): Promise<void>;
}

/**
 * Starts the Docker Engine of Debian. What is missing is installed: docker.io by apt, and Compose 2 from Debian 13,
 * whose program also runs on older ones.
 */
export async function startEngine(folder: string): Promise<Engine> {
  if (process.getuid?.() !== 0)
    throw new Error("The compose test needs root: it starts an engine of its own.");
  await mkdir(folder, { recursive: true });
  if (!existsSync("/usr/sbin/dockerd")) await installPackages("docker.io", "iptables");
  const compose = await findCompose(join(folder, "compose"));
  const env = { DOCKER_HOST: `unix://${folder}/docker.sock` };
  const docker = (...args: string[]): Promise<string> => runCommand("/usr/bin/docker", args, { env });
  const isRunning = (): Promise<boolean> =>
    docker("version").then(
      () => true,
      () => false,
    );
  // A run that was killed leaves its engine.
  if (await isRunning()) {
    const stop = (): Promise<void> => stopByFile(join(folder, "pid"), isRunning);
    return { docker, compose, env, stop };
  }
  const daemon = spawnDaemon(folder, env.DOCKER_HOST);
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  if (!(await readUntil(isRunning, (answer) => answer, 60_000))) {
    daemon.kill();
    throw new Error(`dockerd did not start within a minute. Its log is ${folder}/dockerd.log.`);
  }
  const stop = async (): Promise<void> => {
    daemon.kill("SIGTERM");
    await ended;
  };
  return { docker, compose, env, stop };
}

/** In a process group of its own, so that Ctrl-C reaches it only when nothing needs it any more. */
function spawnDaemon(folder: string, host: string): ChildProcess {
  const log = openSync(join(folder, "dockerd.log"), "w");
  const args = [
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/run`,
    `--pidfile=${folder}/pid`,
    `--host=${host}`,
    "--log-level=error",
  ];
  return spawn("/usr/sbin/dockerd", args, { stdio: ["ignore", log, log], detached: true });
}

async function stopByFile(pidFile: string, isRunning: () => Promise<boolean>): Promise<void> {
  process.kill(Number(await readFile(pidFile, "utf8")), "SIGTERM");
  await readUntil(isRunning, (answer) => !answer, 60_000);
}

export async function installPackages(...names: string[]): Promise<void> {
  await runCommand("apt-get", ["update", "-qq"]);
  await runCommand("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** The mirror that this machine takes Debian's packages from. */
export async function readDebianMirror(): Promise<string> {
  // Security updates have a mirror of their own, and another label.
  const filters = ["Identifier: Packages", "Component: main", "Label: Debian"];
  const list = (): Promise<string> =>
    runCommand("apt-get", ["indextargets", "--format", "$(REPO_URI)", ...filters]);
  let targets = await list();
  if (targets === "") {
    // apt names none when its lists were removed, as images do to be small.
    await runCommand("apt-get", ["update", "-qq"]);
    targets = await list();
  }
  const mirror = targets.split("\n")[0];
  if (!mirror) throw new Error("apt knows no Debian mirror: check /etc/apt/sources.list*.");
  return mirror;
}

async function findCompose(folder: string): Promise<string> {
  const program = join(folder, "files/usr/libexec/docker/cli-plugins/docker-compose");
  if (existsSync(program)) return program;
  await mkdir(join(folder, "lists/partial"), { recursive: true });
  const source = `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await readDebianMirror()} trixie main`;
  await runCommand("sh", ["-c", 'echo "$1" > "$2"', "sh", source, join(folder, "sources.list")]);
  const settings = [
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
  ].flatMap((setting) => ["-o", setting]);
  await runCommand("apt-get", [...settings, "update", "-qq"]);
  await runCommand("apt-get", [...settings, "download", "-qq", "docker-compose"], { cwd: folder });
  const [file = ""] = globSync(join(folder, "docker-compose_*.deb"));
  await runCommand("dpkg", ["-x", file, join(folder, "files")]);
  return program;
}
