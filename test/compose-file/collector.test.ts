import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { interpolate, readComposeFile, readText, readYaml } from "./compose-file.ts";

interface Pipeline {
  receivers?: string[];
  processors?: string[];
  exporters?: string[] | string;
}

/** What the configuration of the collector and of Jaeger 2, which is built from it, have in common. */
interface CollectorConfig {
  receivers?: Record<string, unknown>;
  processors?: Record<string, unknown>;
  exporters?: Record<string, Exporter>;
  extensions?: Record<string, Record<string, unknown>>;
  service: { extensions?: string[]; pipelines: Record<string, Pipeline> };
}

interface Exporter {
  retry_on_failure?: { max_elapsed_time: string };
  sending_queue?: { storage: string; queue_size: number; sizer: string };
}

const collector = readYaml("deploy/collector/collector.yaml") as CollectorConfig;
const tailSampling = readYaml("deploy/collector/tail-sampling.yaml") as CollectorConfig;
const jaeger = readYaml("deploy/jaeger/jaeger.yaml") as CollectorConfig;
const compose = readComposeFile();

/** Values of `${env:NAME:-default}`, as if no variable were set. */
function readDefault<T>(value: T | string): T | string {
  return typeof value === "string" ? (parse(interpolate(value.replaceAll("${env:", "${"), {})) as T) : value;
}

/** Maps are merged and lists replaced, as by the collector when it is given several files. */
function layOver(lower: unknown, upper: unknown): unknown {
  if (!isRecord(lower) || !isRecord(upper)) return upper === undefined ? lower : upper;
  const keys = [...new Set([...Object.keys(lower), ...Object.keys(upper)])];
  return Object.fromEntries(keys.map((key) => [key, layOver(lower[key], upper[key])]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const files = [
  { name: "collector.yaml", config: collector },
  {
    name: "collector.yaml with tail-sampling.yaml",
    config: layOver(collector, tailSampling) as CollectorConfig,
  },
  { name: "jaeger.yaml", config: jaeger },
];

describe.each(files)("$name", ({ config }) => {
  it("uses in its pipelines only what it defines, and all of it but optional exporters", () => {
    const used = (kind: "receivers" | "processors" | "exporters"): string[] => [
      ...new Set(
        Object.values(config.service.pipelines).flatMap((pipeline) => readDefault(pipeline[kind] ?? [])),
      ),
    ];
    for (const kind of ["receivers", "processors"] as const) {
      expect(new Set(used(kind))).toEqual(new Set(Object.keys(config[kind] ?? {})));
    }
    const defined = Object.keys(config.exporters ?? {});
    expect(used("exporters").filter((name) => !defined.includes(name))).toEqual([]);
    expect(
      defined.filter((name) => !used("exporters").includes(name) && name !== "otlp_http/sentry"),
    ).toEqual([]);
    expect(config.service.extensions).toEqual(Object.keys(config.extensions ?? {}));
  });
});

describe("collector.yaml", () => {
  const exporters = Object.entries(collector.exporters ?? {});

  it.each(exporters)(
    "%s waits on disk for its back end, without an end and within bounds",
    (_name, exporter) => {
      expect(exporter.retry_on_failure?.max_elapsed_time).toBe("0s");
      const queue = exporter.sending_queue;
      expect(collector.extensions?.[queue?.storage ?? ""]).toHaveProperty("directory");
      expect(queue?.sizer).toBe("items");
      // Two minutes at 100 spans a second, many times over.
      expect(queue?.queue_size).toBeGreaterThan(100_000);
    },
  );

  it("limits memory first in every pipeline", () => {
    for (const config of [collector, layOver(collector, tailSampling) as CollectorConfig]) {
      for (const pipeline of Object.values(config.service.pipelines)) {
        expect(pipeline.processors?.[0]).toBe("memory_limiter");
      }
    }
  });

  it("keeps its queue on a volume", () => {
    const directory = String(collector.extensions?.["file_storage/queue"]?.["directory"]);
    const mounts =
      compose.services["msCollector"]?.volumes?.map((volume) => volume.split(":")[1] ?? "") ?? [];
    expect(mounts.some((mount) => directory.startsWith(`${mount}/`))).toBe(true);
  });
});

test("Jaeger keeps its spans on a volume", () => {
  const storage = JSON.stringify(jaeger.extensions?.["jaeger_storage"]);
  expect(storage).toContain('"ephemeral":false');
  for (const [, directory = ""] of storage.matchAll(/"(?:keys|values)":"([^"]+)"/g)) {
    const mounts = compose.services["msJaeger"]?.volumes?.map((volume) => volume.split(":")[1] ?? "") ?? [];
    expect(mounts.some((mount) => directory.startsWith(`${mount}/`))).toBe(true);
  }
});

test("Jaeger links each trace to compare, at the port where compare is published", () => {
  const ui = JSON.parse(readText("deploy/jaeger/ui.json")) as {
    linkPatterns: { type: string; url: string }[];
  };
  const port = interpolate(compose.services["msCompare"]?.ports?.[0] ?? "", {}).split(":")[1];
  expect(ui.linkPatterns).toMatchObject([
    { type: "traces", url: `http://localhost:${port}/trace/#{traceID}` },
  ]);
});

test.each([
  ["msCollector", "deploy/collector/collector.yaml deploy/collector/tail-sampling.yaml"],
  ["msJaeger", "deploy/jaeger/jaeger.yaml"],
])("%s is given every variable that its files read but for addresses, and no other", (name, paths) => {
  const text = paths.split(" ").map(readText).join("\n");
  const read = [...text.matchAll(/\$\{env:(\w+)/g)].map(([, variable = ""]) => variable);
  // Read by the programs themselves, not by their files.
  const others = ["GOMEMLIMIT", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER"];
  const given = Object.keys(compose.services[name]?.environment ?? {}).filter((one) => !others.includes(one));
  expect(new Set(given)).toEqual(
    new Set(read.filter((one) => !["JAEGER_ENDPOINT", "COMPARE_ENDPOINT"].includes(one))),
  );
});
