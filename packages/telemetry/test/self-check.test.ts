import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

/** An application with a copy of the API of its own, as a nested install leaves it. */
async function createApplicationWithOwnApi(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "own-api-"));
  directories.push(directory);
  const target = join(directory, "node_modules/@opentelemetry/api");
  await cp(dirname(dirname(fileURLToPath(import.meta.resolve("@opentelemetry/api")))), target, {
    recursive: true,
  });
  const manifest = JSON.parse(await readFile(join(target, "package.json"), "utf8")) as object;
  await writeFile(join(target, "package.json"), JSON.stringify({ ...manifest, version: "1.9.1" }));
  await writeFile(join(directory, "package.json"), '{"type":"module"}');
  const main = join(directory, "index.js");
  await writeFile(main, 'import "@opentelemetry/api";\n');
  return main;
}

async function createEmptyApplication(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "empty-"));
  directories.push(directory);
  await writeFile(join(directory, "main.mjs"), "");
  return join(directory, "main.mjs");
}

test("a healthy process has nothing to tell", async () => {
  const { stderr } = await runFixture(toBoth);
  expect(stderr).toBe("");
});

test("packages that were loaded before telemetry are named with the fix", async () => {
  const { warnings } = await runFixture(toBoth, { preload: "late-start.ts" });
  expect(warnings).toEqual([
    expect.stringMatching(
      /express, pino were loaded before telemetry started: they make no spans\. .*--import @tracebridge\/telemetry\/register/,
    ),
  ]);
});

test.each([
  ["its file", async (main: string) => main],
  ["its folder", async (main: string) => dirname(main)],
  [
    "a link, as npm makes them",
    async (main: string) => {
      const bin = await mkdtemp(join(tmpdir(), "bin-"));
      directories.push(bin);
      await symlink(main, join(bin, "tool"));
      return join(bin, "tool");
    },
  ],
])(
  "a copy of the API that is not telemetry's is told with both versions and the fix, by %s",
  async (_, locate) => {
    const { warnings } = await runFixture(toBoth, {
      fixture: await locate(await createApplicationWithOwnApi()),
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /two copies of @opentelemetry\/api: the application's 1\.9\.1 .* 1\.10\.0.*overrides/,
      ),
    ]);
  },
);

test("a process that ends at once is not held by a look at its back ends", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { exitCode } = await runFixture(
    { SENTRY_DSN: `http://public@127.0.0.1:${port}/1` },
    { fixture: await createEmptyApplication() },
  );
  await new Promise((resolve) => server.close(resolve));
  expect({ exitCode, connections }).toEqual({ exitCode: 0, connections: 0 });
});

test("a second Sentry.init is told with the fix", async () => {
  const { warnings } = await runFixture(toBoth, { fixture: "second-init.ts" });
  expect(warnings[0]).toMatch(/Sentry\.init was called after telemetry had started.*Remove the call/);
});

test("back ends that nobody answers for are told at the start of an idle service, once each and without a key", async () => {
  const { warnings } = await runFixture(
    () => ({
      SENTRY_DSN: "http://public@127.0.0.1:1/1",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
    }),
    { fixture: "idle.ts", endWhen: (lines) => lines.length >= 3 },
  );
  expect(warnings.toSorted()).toEqual([
    expect.stringMatching(
      /No OTLP log records can be sent\. Nobody answers at 127\.0\.0\.1:\d+: ECONNREFUSED\. Check OTEL_EXPORTER_OTLP_ENDPOINT/,
    ),
    expect.stringMatching(
      /No OTLP spans can be sent\. Nobody answers at 127\.0\.0\.1:\d+: ECONNREFUSED\. Check OTEL_EXPORTER_OTLP_ENDPOINT/,
    ),
    expect.stringMatching(
      /No envelopes can be sent\. Nobody answers at 127\.0\.0\.1:\d+: ECONNREFUSED\. Check SENTRY_DSN/,
    ),
  ]);
  expect(warnings.join()).not.toContain("public");
});

test("a malformed DSN is told without its value, and OTLP works on", async () => {
  const { warnings, receiver } = await runFixture((to) => ({
    ...toBoth(to),
    SENTRY_DSN: "https://secret-key-without-a-project@127.0.0.1",
  }));
  expect(warnings).toEqual([
    expect.stringMatching(/SENTRY_DSN: malformed; allowed: https:\/\/PUBLIC_KEY@HOST\/PROJECT_ID/),
  ]);
  expect(warnings.join()).not.toContain("secret-key");
  expect(receiver.otlp.spans).toHaveLength(3);
});
