import { expect, test } from "vitest";
import { readPageConfig } from "./page-config.ts";

const sentry = {
  dsn: "https://k@host/1",
  tunnel: "/tb/e",
  spans: true,
  errors: false,
  tracesSampleRate: 0.5,
};

test("a configuration is read member by member, and what is unknown is left out", () => {
  const config = {
    serviceName: "page",
    environment: "test",
    release: "1",
    sentry: { ...sentry, secret: "x" },
    otlp: { url: "/tb/t", sampleRate: 0 },
    console: true,
    propagationTargets: [],
    businessKeys: ["orderId"],
    debug: false,
    other: 1,
  };
  expect(readPageConfig(config)).toEqual({
    serviceName: "page",
    environment: "test",
    release: "1",
    sentry,
    otlp: { url: "/tb/t", sampleRate: 0 },
    console: true,
    propagationTargets: [],
    businessKeys: ["orderId"],
    debug: false,
  });
});

test("only the name of the service has to be there", () => {
  expect(readPageConfig({ serviceName: "page" })).toMatchObject({ serviceName: "page", businessKeys: [] });
});

test.each([
  [null, "the configuration must be an object"],
  ["text", "the configuration must be an object"],
  [[], "the configuration must be an object"],
  [{}, "serviceName must be given"],
  [Object.create({ serviceName: "inherited" }), "serviceName must be given"],
  [{ serviceName: "" }, "serviceName must be a text"],
  [{ serviceName: 1 }, "serviceName must be a text"],
  [{ serviceName: "page", sentry: [] }, "sentry must be an object"],
  [{ serviceName: "page", sentry: { ...sentry, dsn: 1 } }, "sentry.dsn must be a text"],
  [
    { serviceName: "page", sentry: { ...sentry, tunnel: "https://evil.example/e" } },
    "sentry.tunnel must be a path",
  ],
  [
    { serviceName: "page", sentry: { ...sentry, tunnel: "//evil.example/e" } },
    "sentry.tunnel must be a path",
  ],
  [{ serviceName: "page", sentry: { ...sentry, tunnel: "/\\evil.example" } }, "sentry.tunnel must be a path"],
  [{ serviceName: "page", sentry: { ...sentry, spans: "yes" } }, "sentry.spans must be true or false"],
  [
    { serviceName: "page", sentry: { ...sentry, tracesSampleRate: Number.NaN } },
    "sentry.tracesSampleRate must be a number",
  ],
  [{ serviceName: "page", otlp: {} }, "otlp.url must be given"],
  [{ serviceName: "page", propagationTargets: "all" }, "propagationTargets must be a list"],
  [{ serviceName: "page", businessKeys: [1] }, "businessKeys must be a list"],
])("%j is told by its member", (config, message) => {
  expect(() => readPageConfig(config)).toThrow(message);
});
