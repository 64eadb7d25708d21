import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "vite";

/** What Vite puts in the place of a module that is Node's. */
const NODE_MODULE = /^node:|__vite-browser-external/;

test("nothing of Node is in what a page gets", async () => {
  const built = await build({
    root: join(import.meta.dirname, "page"),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["tracebridge-source", "module", "browser", "production"] },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: "main.ts", formats: ["es"], fileName: () => "main.js" },
    },
  });
  const outputs = Array.isArray(built)
    ? built.flatMap(({ output }) => output)
    : "output" in built
      ? built.output
      : [];
  const chunks = outputs.filter((part) => part.type === "chunk");
  const modules = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.moduleIds]);
  expect(modules.filter((id) => NODE_MODULE.test(id))).toEqual([]);
  expect(modules.filter((id) => /sentry\/(node|server)|sdk-node|src\/config\/read-/.test(id))).toEqual([]);
  const code = chunks.map((chunk) => chunk.code).join("\n");
  expect(code).toContain("startBrowserTelemetry");
  const used = [...code.matchAll(/^.*(?<![.\w"'`@/-])(?:Buffer|process|require)(?=\.|\().*$/gm)].map(
    ([line]) => line.trim(),
  );
  expect(used.filter((line) => !line.startsWith("*") && !line.startsWith("//"))).toEqual([]);
});
