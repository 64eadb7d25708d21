import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "@tracebridge/embedded";
import type { Receiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";
import type { FixtureEnv } from "../fixture-process.ts";

type Json = Parameters<typeof JSON.stringify>[0];

let broker: Awaited<ReturnType<typeof startBroker>>;
let folder: string;

beforeAll(async () => {
  broker = await startBroker();
  folder = await mkdtemp(join(tmpdir(), "sampling-rules-"));
});

afterAll(async () => {
  await broker.close();
  await rm(folder, { recursive: true });
});

const run = (env: FixtureEnv) => runFixture(env, { fixture: "requests-and-messages.ts" });
const json = (value: Json): string => JSON.stringify(value);

/** What each back end got, a segment each: the method and path of a request, or the name of a message's span. */
function readSegments({ sentry, otlp }: Receiver) {
  const describe = (name: string, attributes: Readonly<Record<string, unknown>>): string => {
    const path = attributes["url.path"];
    return typeof path === "string" ? `${String(attributes["http.request.method"])} ${path}` : name;
  };
  const sorted = (texts: string[]) => texts.toSorted((a, b) => a.localeCompare(b));
  return {
    sentry: sorted(
      sentry.spans
        .filter(({ isSegment }) => isSegment)
        .map(({ name, attributes }) => describe(name, attributes)),
    ),
    otlp: sorted(
      otlp.spans
        .filter(({ kind }) => kind === "server" || kind === "consumer")
        .map(({ name, attributes }) => describe(name, attributes)),
    ),
  };
}

test("TRACEBRIDGE_SAMPLING_RULES sets rates by method, path, queue and service, for each back end by itself", async () => {
  const { receiver, warnings, report } = await run((to) => ({
    ...toBoth(to),
    AMQP_URL: broker.url,
    OTEL_SERVICE_NAME: "shop",
    SENTRY_TRACES_SAMPLE_RATE: "0",
    TRACEBRIDGE_SAMPLING_RULES: json([
      { service: "other", sentry: 1 },
      { method: "POST", path: "/checkout/*", sentry: 1, otlp: 0 },
      { path: "/checkout/**", sentry: 0 },
      { queue: "jobs", service: "sh*", sentry: 1 },
      { queue: "*", otlp: 0 },
    ]),
    FIXTURE_REQUESTS: json([
      ["POST", "/checkout/7?path=/other"],
      ["GET", "/checkout/7"],
      ["POST", "/checkout/7/confirm"],
      ["GET", "/search?for=/checkout/7"],
      ["GET", "/health"],
    ]),
    FIXTURE_MESSAGES: json(["jobs", "mails"]),
  }));
  expect(warnings).toEqual([]);
  expect(readSegments(receiver)).toEqual({
    sentry: ["POST /checkout/7", "process jobs"],
    otlp: ["GET /checkout/7", "GET /search", "POST /checkout/7/confirm", "process jobs"],
  });
  const contexts = receiver.sentry.envelopes
    .filter(({ spans }) => spans.length > 0)
    .map((one) => one.header["trace"]);
  expect(contexts).toMatchObject([
    { sample_rate: "1", sampled: "true" },
    { sample_rate: "1", sampled: "true" },
  ]);
  const { accepted = 0, delivered, dropped = {} } = report.stats?.sentry?.spans ?? {};
  expect({ delivered, dropped }).toEqual({ delivered: 3, dropped: { sample_rate: accepted - 3 } });
});

test("with /checkout at 1 and the rest at 0.1, every checkout arrives and about a tenth of the rest", async () => {
  const { receiver } = await run((to) => ({
    SENTRY_DSN: to.dsn,
    TRACEBRIDGE_SAMPLING_RULES: json([{ path: "/checkout", sentry: 1 }, { sentry: 0.1 }]),
    FIXTURE_REQUESTS: json([
      ["POST", "/checkout", 100],
      ["GET", "/search", 100],
    ]),
  }));
  const { sentry } = readSegments(receiver);
  expect(sentry.filter((name) => name === "POST /checkout")).toHaveLength(100);
  // Outside of this bound by chance: less than once in a million runs.
  expect(sentry.filter((name) => name === "GET /search").length).toBeLessThan(28);
});

test("a parent's decision comes before the rules, a deferred one is taken by them; both work without Sentry too", async () => {
  const ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
  const rules = { TRACEBRIDGE_SAMPLING_RULES: json([{ sentry: 0, otlp: 0 }]) };
  const requests = {
    FIXTURE_REQUESTS: json([
      ["GET", "/sampled", 1, [`sentry-trace: ${ids}-1`, `traceparent: 00-${ids}-01`]],
      ["GET", "/deferred", 1, [`sentry-trace: ${ids}`]],
      ["GET", "/own"],
    ]),
  };
  const both = await run((to) => ({ ...toBoth(to), ...rules, ...requests }));
  expect(readSegments(both.receiver)).toEqual({ sentry: ["GET /sampled"], otlp: ["GET /sampled"] });
  const otlp = await run((to) => ({ ...toOtlp(to), ...rules, ...requests }));
  expect(readSegments(otlp.receiver)).toEqual({ sentry: [], otlp: ["GET /sampled"] });
});

test("the rules can stand in a file; a faulty one is told with its number and left out", async () => {
  const file = join(folder, "rules.json");
  await writeFile(
    file,
    json([
      { path: "/a", otlp: 0 },
      { path: "/b", otlp: -1 },
    ]),
  );
  const { receiver, warnings } = await run((to) => ({
    ...toOtlp(to),
    TRACEBRIDGE_SAMPLING_RULES: file,
    FIXTURE_REQUESTS: json([
      ["GET", "/a"],
      ["GET", "/b"],
    ]),
  }));
  expect(readSegments(receiver).otlp).toEqual(["GET /b"]);
  expect(warnings).toEqual([
    `[tracebridge] TRACEBRIDGE_SAMPLING_RULES, file ${file}: rule 2: "otlp" is -1; allowed: 0 to 1. The rule is left out. (variable)`,
  ]);
});

test("a file that is not there is told once with its fix, and the service runs on with its usual rates", async () => {
  const { receiver, warnings } = await run((to) => ({
    ...toOtlp(to),
    TRACEBRIDGE_SAMPLING_RULES: "no-such-rules.json",
    FIXTURE_REQUESTS: json([["GET", "/a"]]),
  }));
  expect(readSegments(receiver).otlp).toEqual(["GET /a"]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /TRACEBRIDGE_SAMPLING_RULES: cannot read the file no-such-rules\.json \(ENOENT\); give the path of/,
    ),
  ]);
});
