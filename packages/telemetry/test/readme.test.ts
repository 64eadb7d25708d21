import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startReceiver } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import { compileCache } from "../../../test/compile-cache.ts";
import { toBoth } from "./fixture-process.ts";

const run = promisify(execFile);
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""], index) => ({
  code,
  name: `${index + 1}, ${/from "(@tracebridge[^"]*)"/.exec(code)?.[1] ?? "without imports"}`,
}));

test("the README shows how the functions, the logger, both frameworks and other transports, also by hand, are used", () => {
  expect(snippets).toHaveLength(6);
});

test.each(snippets)("snippet $name of the README runs as it stands", async ({ code }) => {
  const receiver = await startReceiver();
  const start = ["--conditions=tracebridge-source", "--import", "@tracebridge/telemetry/register"];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const options = { cwd, env: { ...compileCache, ...toBoth(receiver) }, timeout: 20_000 };
  // Rejects when the exit code is not 0.
  const args = [...start, "--input-type=module-typescript", "--eval", code];
  const { stderr } = await run(process.execPath, args, options);
  await receiver.close();
  expect(stderr).toBe("");
});
