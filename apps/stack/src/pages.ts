import { spawn } from "node:child_process";
import { StackError } from "./options.ts";
import { workspaceRoot } from "./child.ts";

/** The order page, and the pages of the traces. */
const pages = ["apps/page", "apps/compare-page"];

/**
 * Builds the pages with Vite, always: it takes about a second, and a page that is older than its source misleads.
 *
 * @throws StackError with Vite's own output when a build fails
 */
export async function buildPages(): Promise<void> {
  await Promise.all(pages.map(buildPage));
}

async function buildPage(workspace: string): Promise<void> {
  const child = spawn("npm", ["run", "build", "--silent", "--workspace", workspace], {
    cwd: workspaceRoot,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      output.push(error.message);
      resolve(null);
    });
    child.once("exit", resolve);
  });
  if (code !== 0) {
    throw new StackError(
      `The pages in ${workspace} could not be built:\n${output.join("").trim()}\nFix: npm ci, then npm start again.`,
    );
  }
}
