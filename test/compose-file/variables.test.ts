import { describe, expect, it, test } from "vitest";
import { variableNames } from "../../packages/telemetry/src/config/index.ts";
import { readFactoryConfig } from "../../apps/factory/src/config.ts";
import { readMailerConfig } from "../../apps/mailer/src/config.ts";
import { readOrderConfig } from "../../apps/order/src/config.ts";
import { readWebConfig } from "../../apps/web/src/config.ts";
import { openConfiguredSources } from "../../apps/compare/src/server/configured-sources.ts";
import { readComposeFile, readEnvExample, readText, resolveEnvironment } from "./compose-file.ts";

const file = readComposeFile();
const services = Object.entries(file.services).map(([name, service]) => ({ name, service }));
const { set, off } = readEnvExample();
const ownNames = ["msWeb", "msOrder", "msFactory", "msMailer"];
/** No more than what must be set. */
const least = {
  RABBITMQ_PASSWORD: "one that must be set",
  RESET_TOKEN_SECRET: "of at least thirty-two characters",
};
const own = services.filter(({ name }) => ownNames.includes(name));

describe.each(own)("the environment of $name", ({ name, service }) => {
  const readers: Record<string, (env: NodeJS.ProcessEnv) => object> = {
    msWeb: readWebConfig,
    msOrder: readOrderConfig,
    msFactory: readFactoryConfig,
    msMailer: readMailerConfig,
  };
  const settings = { ...set, ...off };

  it("names only variables that the service or telemetry reads", () => {
    const read = new Set<string>(variableNames);
    const watching = new Proxy<NodeJS.ProcessEnv>(resolveEnvironment(service, set), {
      get: (target, key) => (read.add(String(key)), target[String(key)]),
    });
    readers[name]?.(watching);
    expect(Object.keys(service.environment ?? {}).filter((variable) => !read.has(variable))).toEqual([]);
  });

  it("has values that the service takes, with every line of .env.example switched on", () => {
    expect(() => readers[name]?.(resolveEnvironment(service, settings))).not.toThrow();
  });

  it("sends to compare in Sentry's place where no DSN is set, and samples everything", () => {
    expect(resolveEnvironment(service, least)).toMatchObject({
      SENTRY_DSN: "http://public@msCompare:8007/1",
      SENTRY_TRACES_SAMPLE_RATE: "1.0",
      OTEL_TRACES_SAMPLER_ARG: "1.0",
    });
  });

  it("has the user's DSN where there is one, and the service's own before that", () => {
    const all = { ...set, SENTRY_DSN: "https://all@sentry.example/1" };
    expect(resolveEnvironment(service, all)["SENTRY_DSN"]).toBe(all.SENTRY_DSN);
    const variable = `${name.slice(2).toUpperCase()}_SENTRY_DSN`;
    const ownDsn = { ...all, [variable]: "https://own@sentry.example/2" };
    expect(resolveEnvironment(service, ownDsn)["SENTRY_DSN"]).toBe("https://own@sentry.example/2");
  });
});

describe("mails", () => {
  const read = (settings: Record<string, string>) =>
    readMailerConfig(
      resolveEnvironment(file.services["msMailer"] ?? { image: "" }, { ...least, ...settings }),
    );

  it("go to Mailpit, with links to the page where a browser on this machine reaches it", () => {
    expect(read({ WEB_PORT: "9006" })).toMatchObject({
      SMTP_URL: "smtp://msMailpit:1025",
      PAGE_URL: "http://localhost:9006",
    });
    expect(Object.keys(file.services)).toContain("msMailpit");
  });

  it("go to the user's own mail server where .env names one", () => {
    const own = {
      SMTP_URL: "smtps://user:password@smtp.example.com:465",
      PAGE_URL: "https://shop.example.com",
    };
    expect(read(own)).toMatchObject(own);
  });

  it("have links that web knows: both are given the same secret", () => {
    const secrets = ["msWeb", "msMailer"].map(
      (name) => resolveEnvironment(file.services[name] ?? { image: "" }, set)["RESET_TOKEN_SECRET"],
    );
    expect(new Set(secrets).size).toBe(1);
  });
});

describe("the pages of compare", () => {
  const read = (settings: Record<string, string>): ReturnType<typeof openConfiguredSources> =>
    openConfiguredSources(resolveEnvironment(file.services["msCompare"] ?? { image: "" }, settings));
  const traceId = "1".repeat(32);

  it("compare with the stack's Jaeger, and link to it where a browser reaches it", () => {
    const { sources, pageLinks } = read({ ...set, JAEGER_PORT: "16687" });
    expect(sources.map(({ name }) => name)).toEqual(["jaeger:http://msjaeger:16686"]);
    expect(pageLinks.jaeger?.(traceId)).toBe(`http://localhost:16687/trace/${traceId}`);
  });

  it("name no Jaeger where .env names none", () => {
    const { sources, pageLinks } = read({ ...set, COMPARE_JAEGER_URL: "" });
    expect([sources, pageLinks]).toEqual([[], {}]);
  });
});

describe(".env.example", () => {
  const used = new Set(
    [
      ...readText("docker-compose.yaml")
        .replaceAll(/#.*$/gm, "")
        .matchAll(/\$\{(\w+)/g),
    ].map(([, name]) => name),
  );
  for (const { service } of services) {
    for (const [name, value] of Object.entries(service.environment ?? {})) if (value === null) used.add(name);
  }

  it("has every variable of the compose file, and no other", () => {
    // Read by Compose itself.
    used.add("COMPOSE_PROFILES");
    expect(new Set(Object.keys({ ...set, ...off }))).toEqual(used);
  });

  it("explains each line above it", () => {
    const blocks = readText(".env.example").split(/\n\n+/);
    for (const block of blocks.filter((text) => /^#?[A-Z][A-Z0-9_]*=/m.test(text))) {
      expect(block).toMatch(/^# \S/);
    }
  });

  it("sets what must be set, so that a copy of it starts", () => {
    for (const { service } of services) expect(() => resolveEnvironment(service, set)).not.toThrow();
    const [some] = own;
    for (const name of Object.keys(least)) {
      const without = { ...least, [name]: "" };
      expect(() => some && resolveEnvironment(some.service, without)).toThrow(
        new RegExp(`${name} .*\\.env\\.example`),
      );
    }
  });

  it("names the profiles that the compose file has", () => {
    const profiles = new Set(services.flatMap(({ service }) => service.profiles ?? []));
    expect([...profiles].sort()).toEqual(["load", "otlp"]);
  });
});

test("no secret stands in the compose file", () => {
  const entries = services.flatMap(({ service }) => Object.entries(service.environment ?? {}));
  const secrets = entries.filter(([name]) => /PASS|SECRET|TOKEN|_KEY$/.test(name)).map(([, value]) => value);
  expect(secrets.filter((value) => !/^\$\{\w+(?::\?[^}]*|:-)\}$/.test(String(value)))).toEqual([]);
  // Logins in URLs; the public key of compare is none.
  const logins = entries.flatMap(([, value]) => /\/\/([^@/]*:[^@]*)@/.exec(String(value))?.[1] ?? []);
  expect(logins.filter((login) => !login.includes(":${RABBITMQ_PASSWORD:?"))).toEqual([]);
  expect(secrets.length + logins.length).toBeGreaterThan(3);
});

test("the version that the services report is the package's", () => {
  const { version } = JSON.parse(readText("package.json")) as { version: string };
  for (const { service } of own) {
    const attributes = resolveEnvironment(service, set)["OTEL_RESOURCE_ATTRIBUTES"];
    expect(attributes?.split(",")).toContain(`service.version=${version}`);
  }
});
