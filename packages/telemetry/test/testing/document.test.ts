import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { matchers, startReceiver } from "@tracebridge/telemetry/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileCache } from "../../../../test/compile-cache.ts";
import { sendSpans, type SentSpan } from "./send-spans.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const page = await readFile(join(root, "docs/testing.md"), "utf8");
/** The files of the example, by the name in the first line of each. */
const files = [...page.matchAll(/^```[jt]s\n\/\/ (\S+)\n(.*?)^```$/gms)];
const killAfterMillis = 50_000;
const conditions = ["tracebridge-source"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "documented-test-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await save("package.json", JSON.stringify({ type: "module" }));
  await save("vitest.config.js", `export default ${JSON.stringify(readVitestConfig())}`);
  await save("tsconfig.json", JSON.stringify(readTypeScriptConfig()));
  for (const [, name = "", code = ""] of files) await save(name, code);
});
afterAll(() => rm(folder, { recursive: true }));

function readVitestConfig(): object {
  const ssr = { resolve: { conditions, externalConditions: conditions } };
  return { ssr, resolve: { conditions }, test: { testTimeout: 20_000 } };
}

function readTypeScriptConfig(): object {
  return { extends: join(root, "tsconfig.base.json"), include: ["test"], compilerOptions: { noEmit: true } };
}

async function save(name: string, content: string): Promise<void> {
  await mkdir(join(folder, dirname(name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

/** Runs a tool of the repository in the example's folder, as one would run it at home. */
async function run(tool: string, ...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  const { PATH, HOME } = process.env;
  const env = { ...compileCache, PATH, HOME, CI: "true", NODE_OPTIONS: `--conditions=${conditions[0]}` };
  const command = [join(root, "node_modules", tool), ...args];
  const child = spawn(process.execPath, command, { cwd: folder, env, detached: true });
  // The whole group, so that no service of the example outlives a test that hangs.
  const end = setTimeout(() => process.kill(-Number(child.pid), "SIGKILL"), killAfterMillis);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(end);
  return { exitCode, output };
}

test("the documented example has the right types", async () => {
  expect(await run("typescript/bin/tsc")).toEqual({ exitCode: 0, output: "" });
});

test("the documented example passes", async () => {
  const report = join(folder, "report.json");
  const { exitCode, output } = await run(
    "vitest/vitest.mjs",
    "run",
    "--reporter=json",
    `--outputFile=${report}`,
  );
  expect(exitCode, output).toBe(0);
  expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({ numPassedTests: 2, numTotalTests: 2 });
});

test("the documented message is what a failing matcher says", async () => {
  const receiver = await startReceiver();
  const request: SentSpan = { id: "1", service: "users", name: "GET /users/:id", kind: "server" };
  await sendSpans(receiver, [{ id: "2", service: "web", name: "GET", kind: "client" }, request], ["sentry"]);
  await sendSpans(receiver, [{ ...request, isError: true }], ["otlp"]);
  const expected = { name: "GET /users/:id", kind: "server", status: "error", in: "both" } as const;
  expect(page).toContain(`\`\`\`\n${matchers.toHaveSpan(receiver, expected).message()}\n\`\`\``);
  await receiver.close();
});
