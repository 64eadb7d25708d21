import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { startBroker, startDatabase } from "@tracebridge/embedded";
import { runFixture } from "../fixture-process.ts";
import { findSecrets } from "./byte-search.ts";
import { kinds, listCanaries, plantNamed, plantText, plantTraffic } from "./canaries.ts";
import type { Canary, Way } from "./canaries.ts";
import { harmlessTexts } from "./harmless-texts.ts";
import { startGrpcRecorder, startHttpRecorder } from "./recorder.ts";
import { secretNames } from "./secret-kinds.ts";

type Protocol = "http/protobuf" | "http/json" | "grpc";
const protocols: readonly Protocol[] = ["http/protobuf", "http/json", "grpc"];

/** All that left one process. */
interface Outflow {
  readonly bytes: Readonly<Record<Way, Buffer>>;
  /** What requests to other services carry. */
  readonly recipient: Buffer;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

const canaries = listCanaries();
const outflows = new Map<Protocol, Outflow>();
const dsnSecret = plantText("bearer token", "tag").secrets[0] ?? "";

beforeAll(async () => {
  for (const protocol of protocols) outflows.set(protocol, await runApp(protocol));
}, 180_000);

async function runApp(protocol: Protocol): Promise<Outflow> {
  const [broker, database, sentry, recipient, otlp] = await Promise.all([
    startBroker(),
    startDatabase(),
    startHttpRecorder(),
    startHttpRecorder(),
    protocol === "grpc" ? startGrpcRecorder() : startHttpRecorder(),
  ]);
  try {
    const { stdout, stderr, exitCode } = await runFixture(
      {
        AMQP_URL: broker.url,
        MONGO_URL: database.url,
        RECIPIENT_URL: recipient.url,
        SENTRY_DSN: `http://public:${dsnSecret}@127.0.0.1:${sentry.port}/1`,
        SENTRY_TRACES_SAMPLE_RATE: "1",
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
        OTEL_RESOURCE_ATTRIBUTES: writeResourceAttributes(),
        // The console is one more way out, and one run is enough for it.
        ...(protocol === "http/json" && {
          OTEL_TRACES_EXPORTER: "sentry,otlp,console",
          OTEL_LOGS_EXPORTER: "sentry,otlp,console",
        }),
      },
      { fixture: "../canary/app.ts" },
    );
    const bytes = { Sentry: sentry.readBytes(), OTLP: otlp.readBytes() };
    return { bytes, recipient: recipient.readBytes(), stdout, stderr, exitCode };
  } finally {
    for (const recorder of [sentry, recipient, otlp]) recorder.close();
    await Promise.all([broker.close(), database.close()]);
  }
}

function writeResourceAttributes(): string {
  const texts = kinds.map(
    (kind, index) =>
      [`said.${index}`, plantText(kind, "resource attribute").text.replaceAll("\n", "\\n")] as const,
  );
  const named = secretNames.flatMap((name, index) => {
    const { secrets, marker } = plantNamed(name, "resource attribute");
    return [[name, secrets[0] ?? ""] as const, [`beside.${index}`, marker] as const];
  });
  return [...texts, ...named].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join(",");
}

const read = (protocol: Protocol): Outflow => {
  const outflow = outflows.get(protocol);
  if (!outflow) throw new Error(`${protocol} did not run`);
  return outflow;
};
const describeCanary = ({ kind, place }: Canary): string => `${kind} in: ${place}`;

test("at least 30 kinds of secrets are planted, each canary once, the source line among them", async () => {
  expect(kinds.length + secretNames.length).toBeGreaterThanOrEqual(30);
  expect(new Set(canaries.map(({ marker }) => marker)).size).toBe(canaries.length);
  const source = await readFile(new URL("./source-line.ts", import.meta.url), "utf8");
  expect(source).toContain(plantTraffic("source line of a stack frame").text);
});

test.each(protocols)("the application ran to its end and telemetry had nothing to tell (%s)", (protocol) => {
  const { exitCode, stderr } = read(protocol);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test.each(protocols)("no secret is in any byte that leaves, in whatever form (OTLP over %s)", (protocol) => {
  const { bytes, stdout } = read(protocol);
  const ways = { ...bytes, console: Buffer.from(stdout) };
  const leaks = Object.entries(ways).flatMap(([way, sent]) =>
    [...findSecrets(sent, canaries)].map((canary) => `${way}: ${describeCanary(canary)}`),
  );
  expect(leaks).toEqual([]);
});

test.each(protocols)(
  "the marker beside each secret arrives wherever its place is sent (OTLP over %s)",
  (protocol) => {
    const { bytes } = read(protocol);
    const text = { Sentry: bytes.Sentry.toString("utf8"), OTLP: bytes.OTLP.toString("utf8") };
    const missing = canaries.flatMap((canary) =>
      canary.ways
        .filter((way) => !text[way].includes(canary.marker))
        .map((way) => `${way}: ${describeCanary(canary)}`),
    );
    expect(missing).toEqual([]);
  },
);

test("headers to other services name a segment without its secrets", () => {
  const { recipient } = read("http/protobuf");
  const named = canaries.filter(({ place }) => place === "segment name");
  expect([...findSecrets(recipient, named)].map(describeCanary)).toEqual([]);
  const text = recipient.toString("latin1");
  expect(named.filter(({ marker }) => !text.includes(marker)).map(describeCanary)).toEqual([]);
});

test("harmless texts arrive as they are, in spans, logs and breadcrumbs", () => {
  const { bytes, stdout } = read("http/json");
  const sent = { Sentry: bytes.Sentry.toString("utf8"), OTLP: bytes.OTLP.toString("utf8") };
  // As name, attribute, log message and log attribute; Sentry gets a breadcrumb in addition.
  const least = { Sentry: 5, OTLP: 4 };
  for (const way of ["Sentry", "OTLP"] as const) {
    const changed = harmlessTexts.filter((text) => {
      const written = JSON.stringify(text).slice(1, -1);
      return sent[way].split(written).length - 1 < least[way];
    });
    expect([way, changed]).toEqual([way, []]);
  }
  expect(stdout).toContain("canary");
});

test("the address of a client reaches OTLP, where the conventions have it, and not Sentry", () => {
  const { bytes } = read("http/protobuf");
  expect(bytes.OTLP.toString("latin1")).toContain("203.0.113.77");
  expect(bytes.Sentry.toString("latin1")).not.toContain("203.0.113.");
});
