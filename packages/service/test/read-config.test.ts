import { expect, test } from "vitest";
import { ConfigError } from "../src/config/config-error.ts";
import { readConfig } from "../src/config/read-config.ts";
import {
  failPointVariable,
  millisRangeVariable,
  rateVariable,
  serviceVariables,
} from "../src/config/variables.ts";

const table = {
  ...serviceVariables({ port: 8005, database: "order" }),
  DELAY: millisRangeVariable({ minMillis: 5000, maxMillis: 10_000 }),
  RATE: rateVariable,
  FAIL_POINT: failPointVariable(["after-write"]),
};
const needed = { AMQP_URL: "amqp://u:secret@h", MONGO_URL: "mongodb://u:secret@h1,h2/x" };

function readProblems(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig({ ...needed, ...env }, table);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("what is not set, or empty, has its default", () => {
  expect(readConfig({ ...needed, PORT: "", OTHER: "x" }, table)).toEqual({
    PORT: 8005,
    HOST: "127.0.0.1",
    ...needed,
    MONGO_DATABASE: "order",
    LOG_LEVEL: "info",
    DELAY: { minMillis: 5000, maxMillis: 10_000 },
    RATE: 0,
    FAIL_POINT: undefined,
  });
});

test("values are read as what they mean", () => {
  const env = { PORT: "0", LOG_LEVEL: "trace", DELAY: "20", RATE: "0.25", FAIL_POINT: "after-write" };
  expect(readConfig({ ...needed, ...env }, table)).toMatchObject({
    PORT: 0,
    LOG_LEVEL: "trace",
    DELAY: { minMillis: 20, maxMillis: 20 },
    RATE: 0.25,
    FAIL_POINT: "after-write",
  });
  expect(readConfig({ ...needed, DELAY: "1-30" }, table).DELAY).toEqual({ minMillis: 1, maxMillis: 30 });
});

test.each([
  { PORT: "http" },
  { PORT: "65536" },
  { PORT: "-1" },
  { LOG_LEVEL: "loud" },
  { MONGO_DATABASE: "a.b" },
  { DELAY: "fast" },
  { DELAY: "20-10" },
  { DELAY: "999999" },
  { DELAY: "1.5" },
  { RATE: "1.1" },
  { RATE: "half" },
  { FAIL_POINT: "before-write" },
])("%o is one line that names variable, value and fix", (env) => {
  const [name = "", value = ""] = Object.entries(env)[0] ?? [];
  const problems = readProblems(env);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name}="${value}" is not .+: .+\\.$`));
});

test.each([
  { AMQP_URL: "http://u:secret@h" },
  { AMQP_URL: "secret" },
  { AMQP_URL: "amqp://" },
  { MONGO_URL: "mysql://u:secret@h" },
])("%o is reported without its value, which may hold a password", (env) => {
  const problems = readProblems(env);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${Object.keys(env)[0]} (value not shown) is not`);
  expect(problems[0]).not.toContain("secret");
});

test("every variable that cannot be used is reported, not only the first", () => {
  const problems = readProblems({ AMQP_URL: undefined, MONGO_URL: "", PORT: "x" });
  expect(problems.map((problem) => problem.split(/[ =]/)[0])).toEqual(["PORT", "AMQP_URL", "MONGO_URL"]);
  expect(problems[1]).toBe("AMQP_URL is not set: set it for example to amqp://guest:guest@127.0.0.1:5672.");
});
