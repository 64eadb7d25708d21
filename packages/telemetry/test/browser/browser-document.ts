import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = new URL("../../../../", import.meta.url);
const page = readFileSync(new URL("docs/browser.md", root), "utf8");
/** `// server.js` or `<!-- index.html -->`. */
const FILE_NAME = /^(?:\/\/|<!--) ([\w/.-]+)(?: -->)?\n/;

/** The files that docs/browser.md shows, by name. */
export const documentedFiles: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/^```(?:js|jsx|html)\n(.*?)^```$/gms)].map(([, code = ""]) => {
    const [line = "", name] = FILE_NAME.exec(code) ?? [];
    if (name === undefined) throw new Error(`docs/browser.md has code without the name of its file: ${code}`);
    return [name, code.slice(line.length)];
  }),
);

export interface DocumentedApplication {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** Writes the files of docs/browser.md, `changed` in place of some of them, and builds the page as it says there. */
export async function buildDocumented(
  changed: Readonly<Record<string, string>> = {},
): Promise<DocumentedApplication> {
  // Within the repository, so that its packages are found.
  const parent = fileURLToPath(new URL("test-results/", root));
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "browser-document-"));
  for (const [name, code] of new Map([...documentedFiles, ...Object.entries(changed)])) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code);
  }
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["tracebridge-source", "module", "browser", "production"] },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
