import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createForeignProject, packTelemetry } from "./foreign-project.ts";
import type { ForeignProject } from "./foreign-project.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let project: ForeignProject;

beforeAll(async () => {
  const packed = await packTelemetry();
  project = await createForeignProject(here("app/app.mjs"), here("app/app.cjs"));
  await project.npm("install", packed.tarball, "express@5");
  await packed.remove();
}, 180_000);

afterAll(() => project.remove());

for (const app of ["app.mjs", "app.cjs"]) {
  test(`a project that installs the tarball sends the spans of ${app} to both back ends, without a warning`, async () => {
    const receiver = await startReceiver();
    const ended = await project.node(["--import", "@tracebridge/telemetry/register", app], {
      OTEL_SERVICE_NAME: "installed",
      SENTRY_DSN: receiver.dsn,
      SENTRY_ENVIRONMENT: "test",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    await receiver.close();

    expect(ended).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const sentry = receiver.sentry.spans;
    expect(sentry.map((span) => span.name).toSorted()).toEqual(
      ["/users/:id", "GET /users/:id", "GET 127.0.0.1", "answer", "look up"].toSorted(),
    );
    const ids = (spans: readonly { spanId: string; parentSpanId?: string }[]) =>
      spans.map(({ spanId, parentSpanId = "" }) => `${parentSpanId} ${spanId}`).toSorted();
    expect(ids(receiver.otlp.spans)).toEqual(ids(sentry));
    expect(new Set(receiver.otlp.spans.map((span) => span.traceId))).toHaveProperty("size", 1);
  });
}

test("a project gets one copy of the OpenTelemetry API, the newest, and no other package of this repository", async () => {
  expect(await project.readVersions("@opentelemetry/api")).toEqual({
    "node_modules/@opentelemetry/api": expect.stringMatching(/^1\.10\./),
  });
  const lock = await readFile(`${project.directory}/package-lock.json`, "utf8");
  const names = [...lock.matchAll(/"node_modules\/(@tracebridge\/[^"/]+)": \{/g)].map(([, name]) => name);
  expect(names).toEqual(["@tracebridge/telemetry"]);
});
