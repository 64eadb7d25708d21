import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { afterEach, expect, test } from "vitest";
import { compileCache } from "../../../test/compile-cache.ts";
import { examineNode } from "../src/doctor/examine.ts";
import { toBoth } from "./fixture-process.ts";

const main = fileURLToPath(new URL("../src/doctor/main.ts", import.meta.url));
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function receive(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await startReceiver(options);
  ends.push(() => receiver.close());
  return receiver;
}

interface Result {
  readonly code: number;
  readonly output: string;
}

function runDoctor(env: Record<string, string>, args: string[] = [], cwd?: string): Promise<Result> {
  const node = ["--conditions=tracebridge-source", main, ...args];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      node,
      { env: { ...compileCache, ...env }, cwd: cwd ?? fileURLToPath(new URL("..", import.meta.url)) },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
    );
  });
}

test("a healthy set-up has no finding, and nothing of the trial is kept as telemetry", async () => {
  const receiver = await receive();
  const { code, output } = await runDoctor(toBoth(receiver));
  expect(output).toContain("Nothing is wrong.");
  expect(output).toContain("spans to sentry and otlp, logs to sentry and otlp, errors to Sentry");
  expect(output).not.toContain("finding ");
  expect(code).toBe(0);
  expect([...receiver.otlp.spans, ...receiver.sentry.events]).toEqual([]);
});

test.each(["grpc", "http/json"])("OTLP by %s is tried by that protocol", async (protocol) => {
  const receiver = await receive();
  const { code, output } = await runDoctor({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  });
  // The receiver speaks HTTP alone.
  expect(code).toBe(protocol === "grpc" ? 1 : 0);
  expect(output.includes("Check OTEL_EXPORTER_OTLP_ENDPOINT")).toBe(protocol === "grpc");
});

test("addresses where nobody answers are findings with their variables, and no key is shown", async () => {
  const { code, output } = await runDoctor({
    SENTRY_DSN: "http://public@127.0.0.1:1/1",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  });
  expect(code).toBe(1);
  expect(output).toMatch(/Nobody answers at .*ECONNREFUSED\. Check OTEL_EXPORTER_OTLP_ENDPOINT/);
  expect(output).toMatch(/Nobody answers at .*ECONNREFUSED\. Check SENTRY_DSN/);
  expect(output).toContain("3 findings.");
  expect(output).not.toContain("public");
});

test.each([
  [403, "the key in the DSN is refused"],
  [404, "there is no such project"],
])("Sentry's answer %i is explained", async (status, meaning) => {
  const receiver = await receive({
    respond: ({ path }) => (path.includes("envelope") ? { status } : undefined),
  });
  const { code, output } = await runDoctor(toBoth(receiver));
  expect(code).toBe(1);
  expect(output).toContain(`the answer was ${status}: ${meaning}`);
});

test("a wrong value of a variable, and a malformed DSN, are findings", async () => {
  const receiver = await receive();
  const { output } = await runDoctor({
    ...toBoth(receiver),
    SENTRY_DSN: "https://secret-key@127.0.0.1",
    OTEL_TRACES_SAMPLER: "sometimes",
    TRACEBRIDGE_SAMPLING_RULES: '[{"path":"/checkout","sentry":1.5}]',
  });
  expect(output).toMatch(/SENTRY_DSN: malformed; allowed: /);
  expect(output).toMatch(/OTEL_TRACES_SAMPLER="sometimes": unknown value; allowed: always_on/);
  expect(output).toMatch(/TRACEBRIDGE_SAMPLING_RULES: rule 1: .*1\.5/);
  expect(output).not.toContain("secret-key");
});

test("another copy of @sentry/core or of the OpenTelemetry API in the application's folder is a finding", async () => {
  const receiver = await receive();
  const directory = await mkdtemp(join(tmpdir(), "doctor-"));
  ends.push(() => rm(directory, { recursive: true }));
  for (const [name, version] of [
    ["@sentry/core", "10.20.0"],
    ["@opentelemetry/api", "1.9.1"],
  ]) {
    const target = join(directory, "node_modules", name ?? "");
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "package.json"), JSON.stringify({ name, version, main: "index.js" }));
    await writeFile(join(target, "index.js"), "");
  }
  const { code, output } = await runDoctor(toBoth(receiver), [], directory);
  expect(code).toBe(1);
  expect(output).toMatch(
    /two copies of @sentry\/core: the application's 10\.20\.0 and telemetry's 11\.11\.0.*overrides/,
  );
  expect(output).toMatch(
    /two copies of @opentelemetry\/api: the application's 1\.9\.1 and telemetry's 1\.10\.0/,
  );
});

test("a copy of @sentry/core that only the application's @sentry/node sees is a finding", async () => {
  const receiver = await receive();
  const directory = await mkdtemp(join(tmpdir(), "doctor-"));
  ends.push(() => rm(directory, { recursive: true }));
  const sentry = join(directory, "node_modules/@sentry/node");
  const core = join(sentry, "node_modules/@sentry/core");
  for (const target of [sentry, core]) {
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "package.json"), '{"version":"11.12.0","main":"index.js"}');
    await writeFile(join(target, "index.js"), "");
  }
  const { code, output } = await runDoctor(toBoth(receiver), [], directory);
  expect(code).toBe(1);
  expect(output).toMatch(
    /two copies of @sentry\/core: the application's 11\.12\.0 .* depend on @sentry\/node 11\.11\.0/,
  );
});

test("an API too old to load telemetry with is a finding with the fix, and no crash", async () => {
  // What a project with OpenTelemetry's SDK 2.x does: its API 1.9 lacks names that SDK 3 imports.
  const tooOld = `import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) {
      if (name === "@opentelemetry/sdk-logs" || name === "@opentelemetry/otlp-transformer")
        throw new SyntaxError("Named export 'SeverityNumber' not found in '@opentelemetry/api'.");
      return next(name, context);
    } })`;
  const { code, output } = await runDoctor(
    { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(tooOld)}` },
    ["--send-error"],
  );
  expect(code).toBe(1);
  expect(output).toMatch(
    /finding {2}loading telemetry\n.*not found in '@opentelemetry\/api'\. It needs @opentelemetry\/api 1\.10 \(npm install/,
  );
  expect(output).toContain("2 findings.");
});

test("--send-error sends one error and waits until Sentry has confirmed it", async () => {
  const receiver = await receive();
  const { code, output } = await runDoctor(toBoth(receiver), ["--send-error"]);
  expect(code).toBe(0);
  expect(output).toContain("ok       verification error");
  expect(receiver.sentry.events).toMatchObject([
    {
      exceptions: [{ value: "Tracebridge verification error: telemetry works" }],
      tags: { verification: "true" },
    },
  ]);
});

test.each([
  ["without a DSN", { OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }, "Set it"],
  ["with errors switched off", { TRACEBRIDGE_ERRORS: "off" }, "Check TRACEBRIDGE_ERRORS"],
])("--send-error %s says why no error arrived", async (name, env, fix) => {
  const receiver = await receive();
  const dsn = name === "without a DSN" ? {} : toBoth(receiver);
  const { code, output } = await runDoctor({ ...dsn, ...env }, ["--send-error"]);
  expect(code).toBe(1);
  expect(output).toContain(fix);
  expect(receiver.sentry.events).toEqual([]);
});

test("telemetry that is off by intent is no finding", async () => {
  expect(await runDoctor({ OTEL_SDK_DISABLED: "true" })).toMatchObject({
    code: 0,
    output: expect.stringContaining("off, by intent"),
  });
});

test("it ends quietly when nobody reads its output to the end", async () => {
  const child = spawn(process.execPath, ["--conditions=tracebridge-source", main], { env: compileCache });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = (await once(child, "exit")) as [number | null];
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("--help explains, and an unknown argument is refused with exit code 2", async () => {
  expect(await runDoctor({}, ["--help"])).toMatchObject({
    code: 0,
    output: expect.stringContaining("--send-error"),
  });
  expect(await runDoctor({}, ["--fix"])).toMatchObject({
    code: 2,
    output: expect.stringContaining('Unknown argument "--fix"'),
  });
});

test.each([
  ["20.19.0", 1],
  ["22.17.1", 1],
  ["22.18.0", 0],
  ["24.1.0", 0],
])("Node %s has %i findings", (version, count) => {
  expect(examineNode(version)).toHaveLength(count);
});
