import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { readCompareConfig } from "../../apps/compare/src/config.ts";
import { openConfiguredSources } from "../../apps/compare/src/server/configured-sources.ts";
import { readFactoryConfig } from "../../apps/factory/src/config.ts";
import { readMailerConfig } from "../../apps/mailer/src/config.ts";
import { readOrderConfig } from "../../apps/order/src/config.ts";
import { readWebConfig } from "../../apps/web/src/config.ts";
import { readConfig } from "../../packages/telemetry/src/config/index.ts";
import { containerOf, readText, readVariables, readWorkloads, type EnvVariable } from "./manifests.ts";

const services = readWorkloads().filter(
  ({ pod }) => pod.metadata.labels["app.kubernetes.io/component"] === "service",
);
const documented = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
const overlays = ["local", "production"];
const readers: Record<string, (env: NodeJS.ProcessEnv) => { PORT: number }> = {
  web: readWebConfig,
  order: readOrderConfig,
  factory: readFactoryConfig,
  mailer: readMailerConfig,
};

/** What the process finds in its environment, with example values in place of what the cluster knows. */
function resolveEnvironment(variables: readonly EnvVariable[]): Record<string, string> {
  const examples: Record<string, string> = {
    SENTRY_DSN: "https://public@sentry.example.com/1",
    AMQP_URL: "amqp://user:password@rabbit.tracebridge.svc:5672/",
    SMTP_URL: "smtps://user:password@smtp.example.com:465",
    RESET_TOKEN_SECRET: "of at least thirty-two characters",
  };
  const env: Record<string, string> = {};
  for (const { name, value } of variables) {
    const given = value?.replaceAll(/\$\((\w+)\)/g, (_, other: string) => env[other] ?? `$(${other})`);
    env[name] = given ?? examples[name] ?? `example-${name.toLowerCase().replaceAll("_", "-")}`;
  }
  return env;
}

/** Later files win, as with kustomize's `behavior: merge`. */
function readTelemetry(overlay: string): Record<string, string> {
  return { ...readVariables("base/telemetry.env"), ...readVariables(`overlays/${overlay}/telemetry.env`) };
}

describe.each(services)("service $name", ({ name, pod }) => {
  const container = containerOf(pod);
  const variables = container.env ?? [];

  it("is given variables that it knows, with values it takes", () => {
    const env = resolveEnvironment(variables);
    const read = new Set<string>();
    const config = readers[name]?.(
      new Proxy<NodeJS.ProcessEnv>(env, {
        get: (target, key) => (read.add(String(key)), target[String(key)]),
      }),
    );
    const known = (variable: string): boolean =>
      documented.includes(`### \`${variable}\`\n`) ||
      read.has(variable) ||
      variables.some(({ value }) => value?.includes(`$(${variable})`));
    expect(variables.map((variable) => variable.name).filter((variable) => !known(variable))).toEqual([]);
    expect(config?.PORT).toBe(container.ports[0]?.containerPort);
    for (const overlay of overlays)
      expect(readConfig({ ...readTelemetry(overlay), ...env }).problems).toEqual([]);
  });

  it("has a project of its own in Sentry, or shares one, as the secret says", () => {
    const dsn = variables.find((variable) => variable.name === "SENTRY_DSN");
    expect(dsn?.valueFrom?.secretKeyRef).toEqual({ name: "sentry", key: name });
  });

  it("is released under the tag of its image", () => {
    const [, tag] = container.image.split(":");
    expect(pod.metadata.labels["app.kubernetes.io/version"]).toBe(tag);
    const { config } = readConfig({ ...readTelemetry("production"), ...resolveEnvironment(variables) });
    expect(config.sentry?.release).toMatch(new RegExp(`^${name}@`));
  });
});

test("compare is given variables that it takes: its pages compare with the cluster's Jaeger", () => {
  const compare = readWorkloads().find(({ name }) => name === "compare");
  const env = resolveEnvironment(compare ? (containerOf(compare.pod).env ?? []) : []);
  expect(readCompareConfig(env)).toMatchObject({ port: 8007, host: "0.0.0.0" });
  const { sources, pageLinks } = openConfiguredSources(env);
  expect(sources.map(({ name }) => name)).toEqual(["jaeger:http://jaeger:16686"]);
  expect(pageLinks.jaeger?.("1")).toBe("http://localhost:16686/trace/1");
});

test("links in mails lead to the host of the ingress, and web knows the secret they are made with", () => {
  const variablesOf = (service: string): EnvVariable[] => {
    const found = services.find(({ name }) => name === service);
    return found ? (containerOf(found.pod).env ?? []) : [];
  };
  const pageUrl = variablesOf("mailer").find(({ name }) => name === "PAGE_URL")?.value ?? "";
  expect(readText("overlays/production/ingress.yaml")).toContain(`host: ${new URL(pageUrl).host}\n`);
  const secrets = ["web", "mailer"].map((name) =>
    variablesOf(name).find((variable) => variable.name === "RESET_TOKEN_SECRET"),
  );
  expect(secrets[0]).toBeDefined();
  expect(secrets[0]).toEqual(secrets[1]);
});

describe("the variables of telemetry", () => {
  it.each(overlays)("are all documented: %s", (overlay) => {
    const unknown = Object.keys(readTelemetry(overlay)).filter(
      (name) => !documented.includes(`### \`${name}\`\n`),
    );
    expect(unknown).toEqual([]);
  });

  it("are sampled in production and whole in a local cluster", () => {
    const rateOf = (overlay: string) =>
      readConfig({ ...readTelemetry(overlay), SENTRY_DSN: "https://public@sentry.example.com/1" }).config
        .sentry?.tracesSampleRate;
    expect([rateOf("local"), rateOf("production")]).toEqual([1, 0.1]);
  });
});
