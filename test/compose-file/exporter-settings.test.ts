import { startReceiver } from "@tracebridge/receivers";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { runFixture } from "../../packages/telemetry/test/fixture-process.ts";
import {
  interpolate,
  readComposeFile,
  readEnvExample,
  readText,
  resolveEnvironment,
} from "./compose-file.ts";

const { services } = readComposeFile();
const { set, off } = readEnvExample();

const [, section = ""] = /\n## Docker\n(.*?)\n## /s.exec(readText("README.md")) ?? [];
/** Rows of the table there: settings, then what arrives where. */
const rows = [...section.matchAll(/^\| (.*=.*\|.*)$/gm)].map(([, line = ""]) => {
  const [title = "", sentry, jaeger, printed, errors] = line.split("|").map((cell) => cell.trim());
  return { title, expected: { sentry, jaeger, printed, errors } };
});

/** Settings that a row names; `…` is the value that stands in .env.example. */
function readSettings(title: string): Record<string, string> {
  const settings: Record<string, string> = {};
  if (title.startsWith("the same")) settings["OTEL_TRACES_EXPORTER"] = "otlp";
  for (const [, name = "", value = ""] of title.matchAll(/`([^`=]+)=([^`]*)`/g)) {
    const fullName = name.replace("…_", "OTEL_EXPORTER_OTLP_");
    settings[fullName] = value === "…" ? (off[fullName] ?? "") : value;
  }
  return settings;
}

/** Runs a small application with the environment that msFactory would have, its addresses led to receivers. */
async function findArrivals(settings: Record<string, string>) {
  const { msFactory, msCollector } = services;
  if (!msFactory || !msCollector) throw new Error("msFactory or msCollector is missing");
  const dotEnv = { ...set, ...settings };
  const [collector, sentryOtlp] = await Promise.all([startReceiver(), startReceiver()]);
  const environment = JSON.stringify(resolveEnvironment(msFactory, dotEnv));
  const { receiver, stdout } = await runFixture(
    ({ dsn }) =>
      JSON.parse(
        environment
          .replaceAll("http://public@msCompare:8007/1", dsn)
          .replaceAll("http://msCollector:4318", collector.url)
          .replaceAll("https://o0.ingest.sentry.io/api/PROJECT_ID/integration/otlp", sentryOtlp.url),
      ) as Record<string, string>,
  );
  await Promise.all([collector.close(), sentryOtlp.close()]);
  const passedOn = parse(
    interpolate(String(msCollector.environment?.["COLLECTOR_TRACES_EXPORTERS"]), dotEnv),
  ) as string[];
  const hasCollected = collector.otlp.spans.length > 0;
  const isByOtlp =
    sentryOtlp.otlp.spans.length > 0 || (hasCollected && passedOn.includes("otlp_http/sentry"));
  const say = (is: boolean): string => (is ? "yes" : "no");
  return {
    arrivals: {
      sentry: isByOtlp ? "by OTLP" : say(receiver.sentry.spans.length > 0),
      jaeger: say(hasCollected && passedOn.includes("otlp_grpc/jaeger")),
      printed: say(stdout.includes("GET /work")),
      errors: say(receiver.sentry.events.length > 0),
    },
    keys: sentryOtlp.otlp.requests.map(({ headers }) => headers["x-sentry-auth"]),
    atCollector: collector.otlp.requests.length,
  };
}

describe("README.md says what arrives where with each line of .env", () => {
  it("in a table of all settings", () => {
    expect(rows.length).toBe(11);
  });

  it.each(rows)("$title", async ({ title, expected }) => {
    const { arrivals, keys } = await findArrivals(readSettings(title));
    expect(arrivals).toEqual(expected);
    expect(keys.every((key) => key === "sentry sentry_key=PUBLIC_KEY")).toBe(true);
  });
});

test("with the profile sentry-only nothing is sent to the collector, which does not run then", async () => {
  const said = /`COMPOSE_PROFILES=sentry-only`, with (.*)$/m.exec(section)?.[1] ?? "";
  const settings = readSettings(said);
  expect(Object.keys(settings)).toEqual(["OTEL_TRACES_EXPORTER", "OTEL_LOGS_EXPORTER"]);
  expect((await findArrivals(settings)).atCollector).toBe(0);
  // Without the second line logs go there still.
  const { OTEL_TRACES_EXPORTER = "" } = settings;
  expect((await findArrivals({ OTEL_TRACES_EXPORTER })).atCollector).toBeGreaterThan(0);
});
