import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startMeasuredProcess, type MeasuredProcess, type ProcessStart } from "./measure/measured-process.ts";
import { installPackages } from "./peers/install-packages.ts";
import type { SenderAddress } from "./receiver/address.ts";

export type BackEnd = "sentry" | "otlp";

/** One way to trace a Node process, as far as a bench needs it. */
export interface Peer {
  name: string;
  description: string;
  /** Over which protocols the receiver gets every span of it. */
  sendsTo: readonly BackEnd[];
  /** What Node resolves its packages from: `@opentelemetry/api`, say. Ends in a slash. */
  folder: URL;
  /** This repository: that of `--before` for `before-…`. Ends in a slash. */
  checkout: URL;
  /** For Node, before the program. */
  nodeArguments: readonly string[];
  /** What the process gets beside what it needs itself. */
  createEnv(address: SenderAddress): NodeJS.ProcessEnv;
}

/** Which peers a bench runs. */
export interface PeerChoice {
  /** A checkout of this repository with its packages installed: adds `before-…`. */
  before?: string;
  /** Comma list of names; all without it. */
  only?: string;
}

type Setting = "none" | "otlp" | "sentry" | "both";

const service = "bench";
const settings: readonly Setting[] = ["none", "otlp", "sentry", "both"];
const root = new URL("../", import.meta.url);
const peersFolder = new URL("peers/", import.meta.url);

const foreignPeers: readonly Peer[] = [
  {
    name: "none",
    description: "no tracing",
    sendsTo: [],
    folder: root,
    checkout: root,
    nodeArguments: [],
    createEnv: () => ({}),
  },
  {
    ...createForeign("otel-otlp", "opentelemetry", ["otlp"]),
    description: "OpenTelemetry's NodeSDK with its OTLP exporter (http/protobuf)",
    createEnv: ({ otlpEndpoint }) => ({ ...otelEnv, OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  },
  {
    ...createForeign("otel-sentry", "opentelemetry", ["otlp"]),
    description: "the same, sent to Sentry's OTLP endpoint",
    createEnv: ({ sentryOtlpTraces, sentryAuth }) => ({
      ...otelEnv,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: sentryOtlpTraces,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: `x-sentry-auth=${encodeURIComponent(sentryAuth)}`,
    }),
  },
  {
    ...createForeign("sentry-11", "sentry-11", ["sentry"]),
    description: "@sentry/node 11.11.0, which traces by itself and streams spans by default",
    createEnv: createSentryEnv,
  },
  {
    ...createForeign("sentry-10", "sentry-10", ["sentry"]),
    description: "@sentry/node 10.78.0 with its span processor in an OpenTelemetry provider, transactions",
    createEnv: createSentryEnv,
  },
];

const otelEnv = {
  OTEL_SERVICE_NAME: service,
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
};

/** Those that RESULTS.md shows; others of `--before` may come beside them. */
const currentPeers: readonly Peer[] = [
  ...foreignPeers,
  ...settings.map((setting) => createOwn("ours", setting, root)),
];

/** Whether a list of names, as `PeerChoice.only`, leaves out none but those of `--before`. */
export function choosesAllPeers(only: string | undefined): boolean {
  const names = readNames(only);
  return currentPeers.every(({ name }) => names?.includes(name) ?? true);
}

/** The peers a bench is to run, with their packages installed. Throws for a name that is none. */
export async function preparePeers({ before, only }: PeerChoice): Promise<Peer[]> {
  const all = [
    ...currentPeers,
    ...(before === undefined
      ? []
      : settings.map((setting) => createOwn("before", setting, readCheckout(before)))),
  ];
  const names = readNames(only);
  const unknown = names?.find((name) => all.every((peer) => peer.name !== name));
  if (unknown !== undefined)
    throw new Error(`"${unknown}" is no peer; there are ${all.map(({ name }) => name).join(", ")}`);
  const chosen = all.filter(({ name }) => names?.includes(name) ?? true);
  const folders = chosen
    .map(({ folder }) => folder.href)
    .filter((folder) => folder.startsWith(peersFolder.href));
  for (const folder of new Set(folders)) await installPackages(new URL(folder));
  return chosen;
}

function readNames(only: string | undefined): string[] | undefined {
  return only?.split(",").map((name) => name.trim());
}

/** Whether a peer is this package, now or before: it may lose nothing. */
export function isOwn({ name }: Peer): boolean {
  return /^(ours|before)-/.test(name);
}

/** Starts a program under a peer. `start.env` and `start.nodeArguments` come after the peer's own. */
export function startPeer(peer: Peer, address: SenderAddress, start: ProcessStart): MeasuredProcess {
  return startMeasuredProcess({
    ...start,
    nodeArguments: [...peer.nodeArguments, ...(start.nodeArguments ?? [])],
    env: { ...peer.createEnv(address), ...start.env },
  });
}

function createForeign(
  name: string,
  folderName: string,
  sendsTo: readonly BackEnd[],
): Pick<Peer, "name" | "sendsTo" | "folder" | "checkout" | "nodeArguments"> {
  const folder = new URL(`${folderName}/`, peersFolder);
  return {
    name,
    sendsTo,
    folder,
    checkout: root,
    nodeArguments: [`--import=${new URL("instrument.mjs", folder).href}`],
  };
}

function createSentryEnv({ sentryDsn }: SenderAddress): NodeJS.ProcessEnv {
  return { SENTRY_DSN: sentryDsn, SENTRY_RELEASE: `${service}@1.0.0` };
}

/** Ours, from the sources of a checkout: type stripping happens once, at load. */
function createOwn(prefix: "ours" | "before", setting: Setting, checkout: URL): Peer {
  const sendsTo = (["sentry", "otlp"] as const).filter((one) => one === setting || setting === "both");
  const register = new URL("packages/telemetry/src/register.ts", checkout).href;
  return {
    name: `${prefix}-${setting}`,
    description: `${prefix === "ours" ? "@tracebridge/telemetry" : "the same before"}, ${describeSetting(setting)}`,
    sendsTo,
    folder: new URL("packages/telemetry/", checkout),
    checkout,
    nodeArguments: [
      "--conditions=tracebridge-source",
      `--import=${register}`,
      `--import=${new URL("tracebridge.mjs", peersFolder).href}`,
    ],
    createEnv: (address) => ({
      OTEL_SERVICE_NAME: service,
      OTEL_TRACES_EXPORTER: sendsTo.join(",") || "none",
      ...(sendsTo.includes("sentry") ? { ...createSentryEnv(address), SENTRY_TRACES_SAMPLE_RATE: "1" } : {}),
      ...(sendsTo.includes("otlp") ? { OTEL_EXPORTER_OTLP_ENDPOINT: address.otlpEndpoint } : {}),
      ...(sendsTo.length === 0 ? { OTEL_LOGS_EXPORTER: "none" } : {}),
    }),
  };
}

function describeSetting(setting: Setting): string {
  if (setting === "both") return "Sentry and OTLP";
  if (setting === "none") return "started, no exporter";
  return setting === "otlp" ? "OTLP only" : "Sentry only";
}

function readCheckout(path: string): URL {
  const checkout = pathToFileURL(`${resolve(path)}/`);
  for (const needed of ["packages/telemetry/src/register.ts", "node_modules"])
    if (!existsSync(new URL(needed, checkout)))
      throw new Error(`${path} has no ${needed}: --before is a checkout of this repository after npm ci`);
  return checkout;
}
