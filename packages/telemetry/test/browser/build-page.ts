import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

/** Builds `page/main.ts` as applications build their pages, and returns the script. */
export async function buildPageScript(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "tracebridge-browser-"));
  try {
    await build({
      root: join(import.meta.dirname, "page"),
      configFile: false,
      logLevel: "warn",
      resolve: { conditions: ["tracebridge-source", "module", "browser", "production"] },
      build: {
        outDir,
        emptyOutDir: true,
        minify: false,
        lib: { entry: "main.ts", formats: ["es"], fileName: () => "main.js" },
      },
      define: { "process.env.NODE_ENV": '"production"' },
    });
    return await readFile(join(outDir, "main.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
