import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createForeignProject, packTelemetry, runProcess } from "../package/foreign-project.ts";
import type { ForeignProject, ProcessResult } from "../package/foreign-project.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const INCOMING_TRACE = "0123456789abcdef0123456789abcdef";

interface Run {
  readonly ended: ProcessResult;
  readonly receiver: Receiver;
}

let project: ForeignProject;
let sdk2: Run;
let sdk3: Run;

beforeAll(async () => {
  const packed = await packTelemetry();
  const manifest = ["package.json", "package-lock.json"].map((file) => here(`sdk-2/${file}`));
  project = await createForeignProject(here("sdk-2/main.ts"), here("scenario.ts"), ...manifest);
  await project.npm("ci");
  await project.npm("install", "--no-save", packed.tarball);
  await packed.remove();
  sdk2 = await runWithReceiver((env) => project.node(["main.ts"], env));
  const source = ["--conditions=tracebridge-source", here("sdk-3.ts")];
  sdk3 = await runWithReceiver((env) => runProcess(process.execPath, source, here("."), env));
}, 180_000);

afterAll(() => project.remove());

test("an application on SDK 2.12 and one on SDK 3 send Sentry the same spans", () => {
  expect(sdk2.ended).toMatchObject({ exitCode: 0, stderr: "" });
  expect(sdk3.ended).toMatchObject({ exitCode: 0, stderr: "" });
  const spans = drawSpans(sdk2.receiver);
  expect(spans).toEqual(drawSpans(sdk3.receiver));
  expect(spans).toEqual([
    'GET (http.server, segment) error: "captured in the request"',
    '  fail (undefined) error: "out of stock", password "[Filtered]"',
    "job (undefined, segment)",
    "  GET 127.0.0.1 (http.client)",
    "    GET (http.server, segment)",
    '      send jobs (queue.publish) to "jobs"',
    '        process jobs (queue.process, segment) to "jobs"',
    "          work (undefined)",
  ]);
});

test("the dynamic sampling context of both is the same: an incoming one is kept, an own one is complete", () => {
  const contexts = readContexts(sdk2.receiver);
  expect(contexts).toEqual(readContexts(sdk3.receiver));
  expect(contexts).toEqual([
    { trace_id: INCOMING_TRACE, public_key: "other", foreign: "kept" },
    expect.objectContaining({
      public_key: "public",
      release: "own-sdk@1.0.0",
      environment: "compatibility",
      sample_rate: "1",
      sampled: "true",
      transaction: "job",
    }),
  ]);
});

test("errors of both are issues of the trace they happened in", () => {
  for (const { receiver } of [sdk2, sdk3]) {
    const { events } = receiver.sentry;
    expect(events.map(({ exceptions }) => String(exceptions[0]?.value)).toSorted()).toEqual([
      "captured in the request",
      "out of stock",
    ]);
    expect(events.map((event) => event.traceId)).toEqual([INCOMING_TRACE, INCOMING_TRACE]);
  }
});

test("the application's own span processor gets every span, as the instrumentation named it", () => {
  const seen = ["GET", "GET", "GET", "fail", "job", "process jobs", "send jobs", "work"];
  for (const { ended } of [sdk2, sdk3]) expect(JSON.parse(ended.stdout)).toEqual({ seen, dropped: {} });
});

test("on SDK 2.12 the application and the bridge share one copy of the OpenTelemetry API, the one that SDK allows", async () => {
  expect(await project.readVersions("@opentelemetry/api")).toEqual({
    "node_modules/@opentelemetry/api": "1.9.1",
  });
  expect(await project.readVersions("@opentelemetry/sdk-trace-base")).toEqual({
    "node_modules/@opentelemetry/sdk-trace-base": "2.12.0",
  });
});

test("the parts of the bridge have the types that SDK 2.12 asks for", async () => {
  const compiler = here("../../../../node_modules/typescript/bin/tsc");
  const options =
    "--noEmit --strict --skipLibCheck --module nodenext --target es2024 --allowImportingTsExtensions";
  const types = ["--types", "node", "--typeRoots", here("../../../../node_modules/@types")];
  const checked = await project.node([compiler, ...options.split(" "), ...types, "main.ts"]);
  expect(checked).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("register beside the API of SDK 2.12 says what it needs, and the application runs", async () => {
  const args = ["--import", "@tracebridge/telemetry/register", "--eval", "console.log('ran')"];
  const { exitCode, stdout, stderr } = await project.node(args, {
    SENTRY_DSN: "http://public@127.0.0.1:9/1",
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "ran\n" });
  expect(stderr).toMatch(/^\[tracebridge\] .* needs @opentelemetry\/api 1\.10 .*telemetry\/sentry.*\n$/);
});

test("the lock file of the SDK 2.12 project names no server, and has a digest for every package", async () => {
  const lock = await readFile(here("sdk-2/package-lock.json"), "utf8");
  expect(lock).not.toContain("://");
  expect([...lock.matchAll(/"integrity": "sha512-/g)].length).toBeGreaterThan(10);
});

async function runWithReceiver(start: (env: Record<string, string>) => Promise<ProcessResult>): Promise<Run> {
  const receiver = await startReceiver();
  // What the options say is what counts.
  const unread = { SENTRY_ENVIRONMENT: "unread", SENTRY_RELEASE: "unread", SENTRY_TRACES_SAMPLE_RATE: "0" };
  const ended = await start({ SENTRY_DSN: receiver.dsn, ...unread });
  await receiver.close();
  return { ended, receiver };
}

/** One line for each span below its parent; what comes from outside first. */
function drawSpans({ sentry: { spans } }: Receiver): string[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const draw = (span: (typeof spans)[number], indent: string): string[] => [
    `${indent}${span.name} (${span.op}${span.isSegment ? ", segment" : ""})${describeAttributes(span)}`,
    ...spans
      .filter((child) => child.parentSpanId === span.spanId)
      .flatMap((child) => draw(child, `${indent}  `)),
  ];
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
  return roots
    .toSorted((one, other) => one.startTimestamp - other.startTimestamp)
    .flatMap((root) => draw(root, ""));
}

function describeAttributes({ status, attributes }: Receiver["sentry"]["spans"][number]): string {
  const {
    "sentry.status.message": message,
    "messaging.destination.name": queue,
    password,
    hooked,
  } = attributes;
  return [
    hooked === true ? "" : " not hooked",
    status === "error" ? ` error: ${JSON.stringify(message)}` : "",
    queue === undefined ? "" : ` to ${JSON.stringify(queue)}`,
    password === undefined ? "" : `, password ${JSON.stringify(password)}`,
  ].join("");
}

/** Without what differs from run to run. */
function readContexts({ sentry }: Receiver): Record<string, string>[] {
  const withSpans = sentry.envelopes.filter((envelope) => envelope.spans.length > 0);
  return withSpans
    .map(({ header }) => header["trace"] as Record<string, string>)
    .map(({ sample_rand: _random, trace_id: id, ...rest }) =>
      id === INCOMING_TRACE ? { trace_id: id, ...rest } : rest,
    )
    .toSorted((one, other) => String(one["foreign"]).localeCompare(String(other["foreign"])));
}
