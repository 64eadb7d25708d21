import { fileURLToPath } from "node:url";
import { measureBundle, type BundleSize } from "../packages/telemetry/test/browser/measure-bundle.ts";
import { installPackages } from "./peers/install-packages.ts";

interface Program {
  readonly name: string;
  readonly description: string;
  /** Where its packages are, when these are not the repository's own. */
  readonly peer?: string;
  readonly entry: string;
}

const programs: readonly Program[] = [
  {
    name: "ours",
    description:
      "@tracebridge/telemetry/browser: spans to Sentry and OTLP, errors and web vitals to Sentry; page load, navigation, " +
      "clicks, fetch",
    entry: "bundle/ours.js",
  },
  {
    name: "sentry-tracing",
    description: "@sentry/browser 11.11.0 with browserTracingIntegration: errors, spans, web vitals; no OTLP",
    peer: "browser-sentry",
    entry: "peers/browser-sentry/tracing.js",
  },
  {
    name: "sentry-errors",
    description: "@sentry/browser 11.11.0, errors only",
    peer: "browser-sentry",
    entry: "peers/browser-sentry/errors.js",
  },
  {
    name: "otel",
    description:
      "OpenTelemetry's sdk-trace-web 2.12.0 with zone.js, document load, fetch and the OTLP exporter; no errors, no Sentry",
    peer: "browser-otel",
    entry: "peers/browser-otel/tracing.js",
  },
  {
    name: "otel-interactions",
    description: "the same with user interactions and navigation",
    peer: "browser-otel",
    entry: "peers/browser-otel/interactions.js",
  },
];

/** What telemetry adds to what a page downloads: ours beside others, bundled alike. */
export async function benchBundle(): Promise<string> {
  for (const peer of new Set(programs.flatMap(({ peer: name }) => name ?? []))) {
    await installPackages(new URL(`peers/${peer}/`, import.meta.url));
  }
  const sizes = new Map<string, BundleSize>();
  for (const { name, entry } of programs) {
    sizes.set(name, await measureBundle(fileURLToPath(new URL(entry, import.meta.url))));
  }
  return describe(sizes);
}

function describe(sizes: ReadonlyMap<string, BundleSize>): string {
  const sentry = sizes.get("sentry-tracing")?.atStart ?? NaN;
  const otel = sizes.get("otel")?.atStart ?? NaN;
  const rows = [...sizes].map(([name, { atStart, later, minified }]) => {
    const ratios = [atStart / sentry, atStart / otel].map((ratio) => ratio.toFixed(2));
    return `| ${[name, atStart, later || "", minified, ...ratios].join(" | ")} |`;
  });
  return [
    "What a page downloads of JavaScript for telemetry alone, in bytes: the smallest program that starts it, bundled by Vite for",
    "production, alike for all. *Later* is what is downloaded only when it is needed (`import()`).",
    "",
    "| program | gzip | later, gzip | not compressed | × sentry-tracing | × otel |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    `Without ours, a page that sends to both back ends needs \`sentry-tracing\` and \`otel\`: ${sentry + otel} bytes, and each makes spans of its own.`,
    "",
    ...programs.map(({ name, description }) => `- \`${name}\`: ${description}`),
  ].join("\n");
}
