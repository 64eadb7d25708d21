import { expect, test } from "vitest";
import { ConfigError } from "@tracebridge/service";
import { readWebConfig } from "../src/config.ts";

const must = {
  AMQP_URL: "amqp://127.0.0.1:5672",
  MONGO_URL: "mongodb://127.0.0.1:27017",
  RESET_TOKEN_SECRET: "0123456789abcdef0123456789abcdef",
};
function readProblems(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readWebConfig({ ...must, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("what need not be set has a default", () => {
  expect(readWebConfig(must)).toMatchObject({
    RESETS_PER_ADDRESS: 5,
    RESETS_PER_CLIENT: 50,
    SAMPLE_USERS: [],
    TRUST_PROXY: false,
  });
});

test("sample users are made comparable, and each is one", () => {
  const { SAMPLE_USERS } = readWebConfig({
    ...must,
    SAMPLE_USERS: " Alice@Example.com, bob@example.com,alice@example.com,",
  });
  expect(SAMPLE_USERS).toEqual(["alice@example.com", "bob@example.com"]);
});

test.each([
  ["1", 1],
  ["10", 10],
  ["loopback", ["loopback"]],
  ["10.0.0.0/8, 2001:db8::/32,192.0.2.1", ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]],
])("TRUST_PROXY=%s is %j", (text, value) => {
  expect(readWebConfig({ ...must, TRUST_PROXY: text }).TRUST_PROXY).toEqual(value);
});

test.each([
  "true",
  "0",
  "11",
  "-1",
  "1.5",
  "10.0.0.0/33",
  "10.0.0.0/0",
  "::/0",
  "10.0.0.0/8/8",
  "10.0.0.0/",
  "proxy.example",
  "loopback,,",
])("TRUST_PROXY=%s is refused in one line with its fix", (text) => {
  expect(readProblems({ TRUST_PROXY: text })).toEqual([
    expect.stringMatching(
      /^TRUST_PROXY="[^"]*" is not a number of proxies .*: use the number of proxies in front of web/,
    ),
  ]);
});

test.each(["0", "-1", "2.5", "many", "100001"])("a limit of %s is refused", (text) => {
  expect(readProblems({ RESETS_PER_ADDRESS: text, RESETS_PER_CLIENT: text })).toEqual([
    `RESETS_PER_ADDRESS="${text}" is not the number of resets for one address in an hour: use a whole number from 1 to 100000, or leave it unset for 5.`,
    `RESETS_PER_CLIENT="${text}" is not the number of requests of one client in an hour: use a whole number from 1 to 100000, or leave it unset for 50.`,
  ]);
});

test("a secret that is missing or short is refused, and not shown", () => {
  expect(readProblems({ RESET_TOKEN_SECRET: "" })).toEqual([
    "RESET_TOKEN_SECRET is not set: set it to the output of `openssl rand -hex 32`, the same for web and mailer.",
  ]);
  const [problem = ""] = readProblems({ RESET_TOKEN_SECRET: "hunter2-hunter2-hunter2" });
  expect(problem).toMatch(
    /^RESET_TOKEN_SECRET \(value not shown\) is not a secret of at least 32 characters: /,
  );
  expect(problem).not.toContain("hunter2");
});

test("an address that is none is refused, and not shown", () => {
  const [problem = "", ...more] = readProblems({ SAMPLE_USERS: "alice@example.com,mallory at example" });
  expect(more).toEqual([]);
  expect(problem).toMatch(
    /^SAMPLE_USERS \(value not shown\) is not a list of at most 100 e-mail addresses: /,
  );
  expect(problem).not.toContain("mallory");
});

test("CORS_ORIGINS is a list of origins, each once, and none where it is unset", () => {
  expect(readWebConfig(must).CORS_ORIGINS).toEqual([]);
  const CORS_ORIGINS = " https://a.test, http://localhost:5173,https://a.test,https://[::1]:8443";
  expect(readWebConfig({ ...must, CORS_ORIGINS }).CORS_ORIGINS).toEqual([
    "https://a.test",
    "http://localhost:5173",
    "https://[::1]:8443",
  ]);
});

test.each([
  "*",
  "null",
  "a.test",
  "https://a.test/",
  "https://a.test/path",
  "https://A.test",
  "https://a.test:443",
  "https://*.a.test",
  "https://user@a.test",
  "ftp://a.test",
  "https://a.test,,",
])("CORS_ORIGINS=%s is refused in one line with its fix", (text) => {
  expect(readProblems({ CORS_ORIGINS: text })).toEqual([
    expect.stringMatching(/^CORS_ORIGINS="[^"]*" is not a list of origins: use for example https:/),
  ]);
});
