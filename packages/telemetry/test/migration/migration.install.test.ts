import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createForeignProject, packTelemetry } from "../package/foreign-project.ts";
import type { ForeignProject, ProcessResult } from "../package/foreign-project.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SNIPPET = /^```js (\S+)\n(.*?)^```$/gms;
const BOTH_FAMILIES = "baggage sentry-trace traceparent\n";

interface Run {
  readonly ended: ProcessResult;
  readonly receiver: Receiver;
  /** Requests for anything but envelopes and the usual OTLP address. */
  readonly otherPaths: readonly string[];
}

let snippets: Map<string, string>;
/** With the packages of SDK 10 and OpenTelemetry 2.12, and with ours from the tarball. */
let oldProject: ForeignProject;
/** With the packages of this repository: SDK 11 and OpenTelemetry 3. */
let newProject: ForeignProject;

beforeAll(async () => {
  const page = await readFile(here("../../../../docs/migration.md"), "utf8");
  snippets = new Map([...page.matchAll(SNIPPET)].map(([, name = "", code = ""]) => [name, code]));
  if (page.match(/^```./gm)?.length !== snippets.size) throw new Error("Each piece of code needs a name.");
  newProject = await createForeignProject(here("app.mjs"));
  await symlink(here("../../../../node_modules"), join(newProject.directory, "node_modules"));
  const packed = await packTelemetry();
  oldProject = await createForeignProject(
    here("app.mjs"),
    here("sdk-10/package.json"),
    here("sdk-10/package-lock.json"),
  );
  await oldProject.npm("install", "--no-save", packed.tarball);
  await packed.remove();
}, 180_000);

afterAll(() => Promise.all([oldProject.remove(), newProject.remove()]));

test("with SDK 10 the page's code sends a transaction, and Sentry's headers", async () => {
  const { ended, receiver } = await runSnippet("sdk-10-before", oldProject);
  expect(ended).toMatchObject({ exitCode: 0, stdout: "baggage sentry-trace\n" });
  const transactions = receiver.sentry.envelopes.flatMap(({ other }) => other);
  expect(transactions).toMatchObject([{ type: "transaction", payload: { transaction: "job" } }]);
});

test("after it, spans, DSC and the recorded error arrive from the same OpenTelemetry SDK 2.12", async () => {
  const run = await runSnippet("sdk-10-after", oldProject);
  expectTrace(run);
  expect(run.ended).toMatchObject({ exitCode: 0, stdout: BOTH_FAMILIES });
  // Nobody has uninstalled SDK 10 here, and so its functions would reach nobody.
  expect(run.ended.stderr).toMatch(/^\[tracebridge\] There are two copies of @sentry\/core: .*\n$/);
});

test("with the OTLP route of SDK 11 Sentry gets no span of its own protocol, and W3C headers go out alone", async () => {
  const { ended, receiver, otherPaths } = await runSnippet("sdk-11-before", newProject);
  expect(ended).toMatchObject({ exitCode: 0, stdout: "traceparent\n" });
  expect(otherPaths).toEqual(["/api/1/integration/otlp/v1/traces/"]);
  expect(receiver.sentry.spans).toEqual([]);
});

test("after it, spans, DSC, hooks and the recorded error arrive from the same NodeSDK", async () => {
  const run = await runSnippet("sdk-11-after", newProject);
  expectTrace(run);
  expect(run.ended).toEqual({ exitCode: 0, stdout: BOTH_FAMILIES, stderr: "" });
  expect(run.receiver.sentry.spans.map(({ attributes }) => attributes["team"])).toEqual(["orders", "orders"]);
  expect(run.otherPaths).toEqual([]);
});

test("each piece of code on the page is run above or below", () => {
  const run = ["sdk-10-before", "sdk-10-after", "sdk-11-before", "sdk-11-after", "second-back-end"];
  expect([...snippets.keys()]).toEqual(run);
});

test("a second back end gets what its own sampler says, however much Sentry gets", async () => {
  const { ended, receiver } = await runSnippet("second-back-end", newProject);
  expect(ended).toEqual({ exitCode: 0, stdout: BOTH_FAMILIES, stderr: "" });
  expect(receiver.otlp.spans.map((span) => span.name).toSorted()).toEqual(["job", "step"]);
  expect(receiver.sentry.spans).toEqual([]);
});

function expectTrace({ receiver }: Run): void {
  const { spans, events, envelopes } = receiver.sentry;
  const job = spans.find((span) => span.name === "job");
  expect(job).toMatchObject({ isSegment: true, status: "ok" });
  expect(spans.find((span) => span.name === "step")).toMatchObject({
    parentSpanId: job?.spanId,
    status: "error",
    attributes: { "sentry.segment.name": "job", "sentry.environment": "staging" },
  });
  expect(spans).toHaveLength(2);
  expect(envelopes.find((envelope) => envelope.spans.length > 0)?.header["trace"]).toMatchObject({
    trace_id: job?.traceId,
    environment: "staging",
    transaction: "job",
    sampled: "true",
  });
  expect(events).toMatchObject([{ traceId: job?.traceId, exceptions: [{ value: "out of stock" }] }]);
}

async function runSnippet(name: string, project: ForeignProject): Promise<Run> {
  const code = snippets.get(name);
  if (code === undefined) throw new Error(`docs/migration.md has no code named ${name}.`);
  await writeFile(join(project.directory, "instrument.mjs"), code);
  const otherPaths: string[] = [];
  const receiver = await startReceiver({
    fallback: (request, response) => {
      otherPaths.push(request.url ?? "");
      request.resume().once("end", () => response.end());
    },
  });
  const source = project === newProject ? ["--conditions=tracebridge-source"] : [];
  const args = [...source, "--import", "./instrument.mjs", "app.mjs"];
  const ended = await project.node(args, {
    SENTRY_DSN: receiver.dsn,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  await receiver.close();
  return { ended, receiver, otherPaths };
}
