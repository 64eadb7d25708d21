import { spawn } from "node:child_process";
import { StackError } from "./options.ts";
import { workspaceRoot } from "./child.ts";

/**
 * Builds the page with Vite, always: it takes about a second, and a page that is older than its source misleads.
 *
 * @throws StackError with Vite's own output when the build fails
 */
export async function buildPage(): Promise<void> {
  const child = spawn("npm", ["run", "build", "--silent", "--workspace", "apps/page"], {
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
      `The page could not be built:\n${output.join("").trim()}\nFix: npm ci, then npm start again.`,
    );
  }
}
