import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadRules } from "../../src/sampling/load-rules.ts";
import { readRules } from "../../src/sampling/read-rules.ts";
import { findRule } from "../../src/sampling/rules.ts";

const { SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL } = SpanKind;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sampling-rules-"));
});

afterAll(() => rm(folder, { recursive: true }));

test.each<[string, unknown, string]>([
  ["a rate above 1", { sentry: 1.5 }, '"sentry" is 1.5; allowed: 0 to 1.'],
  ["a rate that is no number", { otlp: "0.1" }, '"otlp" is "0.1"; allowed: 0 to 1.'],
  [
    "an unknown key",
    { pathh: "/a" },
    'unknown "pathh"; known are method, path, queue, service, sentry, otlp.',
  ],
  ["a path without a slash", { path: "order" }, '"path" is "order"; allowed: a path that starts with "/"'],
  ["a path with a query", { path: "/a?b=1" }, '"path" is "/a?b=1"; allowed: a path that starts with "/"'],
  ["an empty text", { queue: "" }, '"queue" is ""; allowed: a text of up to 256 characters.'],
  ["a text too long", { service: "a".repeat(257) }, '"service" is "aaa'],
  ["no object", 3, "not a JSON object."],
  ["no object but a list", [], "not a JSON object."],
  ["a queue and a path", { queue: "a", path: "/a" }, 'no trace has both a "queue" and a "method" or "path"'],
])("%s is told with the number of its rule, which is left out", (_, rule, told) => {
  const { rules, faults } = readRules(JSON.stringify([{ sentry: 1 }, rule, { otlp: 0 }]));
  expect(rules).toEqual([{ sentry: 1 }, { otlp: 0 }]);
  expect(faults).toEqual([expect.stringContaining(`rule 2: ${told}`)]);
  expect(faults[0]).toMatch(/ The rule is left out\.$/);
});

test.each([
  ["[{]", "not valid JSON"],
  ["{}", "the JSON is no array of rules."],
])("%s is no list of rules", (json, told) => {
  expect(readRules(json)).toEqual({
    rules: [],
    faults: [expect.stringMatching(`^${told}.*No rule is used\\.$`)],
  });
});

test("more than 100 rules are cut, and said so", () => {
  const { rules, faults } = readRules(JSON.stringify(Array.from({ length: 150 }, () => ({ sentry: 1 }))));
  expect(rules).toHaveLength(100);
  expect(faults).toEqual(["150 rules; allowed: 100. The rules after that are left out."]);
});

test("whatever the text is, reading does not throw, and no rate leaves its bounds", () => {
  const member = fc.dictionary(fc.constantFrom("method", "path", "queue", "sentry", "otlp"), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(member).map((list) => JSON.stringify(list)),
      ),
      (json) => {
        for (const { sentry = 0, otlp = 0 } of readRules(json).rules) {
          expect([sentry, otlp].every((rate) => rate >= 0 && rate <= 1)).toBe(true);
        }
      },
    ),
  );
});

test.each<[string, SpanKind, Attributes, string | undefined]>([
  ["GET", SERVER, { "http.request.method": "GET", "url.path": "/checkout" }, undefined],
  ["POST", SERVER, { "http.request.method": "POST", "url.path": "/checkout" }, "checkout"],
  ["POST", SERVER, { "http.method": "POST", "http.target": "/checkout?a=/other" }, "checkout"],
  ["POST", CLIENT, { "http.request.method": "POST", "url.path": "/checkout" }, undefined],
  [
    "HTTP",
    SERVER,
    { "http.request.method": "_OTHER", "http.request.method_original": "PURGE", "url.path": "/x" },
    "purge",
  ],
  ["jobs process", CONSUMER, { "messaging.rabbitmq.routing_key": "order.made" }, "jobs"],
  [
    "publish <default>",
    PRODUCER,
    { "messaging.destination": "", "messaging.rabbitmq.routing_key": "jobs" },
    "jobs",
  ],
  ["process", CONSUMER, { "messaging.destination.name": "jobs" }, "jobs"],
  ["jobs process", INTERNAL, { "messaging.destination.name": "jobs" }, undefined],
  ["publish events", PRODUCER, { "messaging.destination": "events" }, undefined],
])(
  "of the rules, the first one that fits %s of kind %d with %j is taken",
  (name, kind, attributes, expected) => {
    const rules = [
      { method: "post", path: "/checkout", id: "checkout" },
      { method: "PURGE", id: "purge" },
      { queue: "jobs", id: "jobs" },
      { queue: "jobs", id: "never" },
    ];
    expect(findRule(rules, { name, kind, attributes })?.id).toBe(expected);
  },
);

test("a rule without a condition is for every trace, also for one that is neither a request nor a message", () => {
  const job = { name: "nightly", kind: INTERNAL, attributes: {} };
  expect(findRule([{ method: "GET", sentry: 0 }, { sentry: 0.5 }], job)).toEqual({ sentry: 0.5 });
});

test("the example in the README means what it says there", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const example = /```json\n(\[.*?\])\n```/s.exec(readme)?.[1];
  const { rules, faults } = await loadRules(example, "order");
  expect(faults).toEqual([]);
  const find = (method: string, path: string) => {
    const attributes = { "http.request.method": method, "url.path": path };
    return findRule(rules, { name: method, kind: SERVER, attributes });
  };
  expect(find("POST", "/checkout")).toMatchObject({ sentry: 1, otlp: 1 });
  expect(find("POST", "/checkout/7/confirm")).toMatchObject({ sentry: 1, otlp: 1 });
  expect(find("GET", "/order/status")).toMatchObject({ sentry: 0.01, otlp: 0.1 });
  expect(find("GET", "/order")).toBeUndefined();
});

test("rules of other services are not loaded", async () => {
  const json = '[{"service":"web","sentry":0.2},{"service":"or*","otlp":1},{"sentry":1}]';
  expect(await loadRules(json, "order")).toEqual({
    rules: [{ service: "or*", otlp: 1 }, { sentry: 1 }],
    faults: [],
  });
});

test("rules are read from a file, whose name stands in what is told", async () => {
  const file = join(folder, "rules.json");
  await writeFile(file, '[{"sentry":2},{"sentry":0.5}]');
  expect(await loadRules(file, "order")).toEqual({
    rules: [{ sentry: 0.5 }],
    faults: [
      `TRACEBRIDGE_SAMPLING_RULES, file ${file}: rule 1: "sentry" is 2; allowed: 0 to 1. The rule is left out.`,
    ],
  });
});

test("a file that is missing, a folder or too large is told with its fix; what it holds is not shown", async () => {
  const large = join(folder, "large.json");
  await writeFile(large, " ".repeat(65_537));
  const wrong = join(folder, "wrong.json");
  await writeFile(wrong, "SECRET=hunter2");
  for (const [path, reason] of [
    [join(folder, "missing.json"), "(ENOENT)"],
    [folder, "(not a file)"],
    [large, "(65537 bytes)"],
  ] as const) {
    const { rules, faults } = await loadRules(path, "order");
    expect(rules).toEqual([]);
    expect(faults).toEqual([
      expect.stringContaining(`cannot read the file ${path} ${reason}; give the path of`),
    ]);
  }
  const { faults } = await loadRules(wrong, "order");
  expect(faults).toEqual([expect.stringMatching(/wrong\.json: not valid JSON.*\. No rule is used\.$/)]);
  expect(faults.join()).not.toContain("SECRET");
});
