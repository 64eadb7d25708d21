import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** `npm ci` in the folder of a peer, when its lock file is newer than what is installed. */
export async function installPackages(folder: URL): Promise<void> {
  const lock = await stat(new URL("package-lock.json", folder));
  const installed = await stat(new URL("node_modules/.package-lock.json", folder)).catch(() => undefined);
  if (installed && installed.mtimeMs >= lock.mtimeMs) return;
  const path = fileURLToPath(folder);
  process.stderr.write(`npm ci in ${path}\n`);
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: path,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(npm, "exit")) as [number | null];
  if (code !== 0) throw new Error(`npm ci failed in ${path}`);
}
