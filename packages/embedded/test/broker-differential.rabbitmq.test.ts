import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBroker, type Broker } from "../src/broker/index.ts";
import { allScenarios } from "./broker-differential/all-scenarios.ts";
import { findDifferences } from "./broker-differential/differences.ts";
import { knownDifferences, readListedPaths } from "./broker-differential/known-differences.ts";
import { readRabbitmqVersion } from "./broker-differential/rabbitmq-version.ts";
import { runScenario } from "./broker-differential/scenario.ts";

const rabbitmqUrl = process.env["RABBITMQ_URL"] ?? "amqp://guest:guest@127.0.0.1:5672";

let broker: Broker;
let major: number;

beforeAll(async () => {
  major = Number.parseInt(await readRabbitmqVersion(rabbitmqUrl), 10);
  broker = await startBroker();
});
afterAll(async () => {
  await broker?.close();
});

describe("the embedded broker does what RabbitMQ does", () => {
  it("in at least sixty scenarios of different names", () => {
    const names = new Set(allScenarios.map(([name]) => name));
    expect(names.size).toBe(allScenarios.length);
    expect(names.size).toBeGreaterThanOrEqual(60);
    for (const known of knownDifferences) {
      for (const scenario of known.scenarios) expect(names).toContain(scenario);
    }
  });

  it.for(allScenarios)("%s", async ([name, scenario]) => {
    const theirs = await runScenario(scenario, rabbitmqUrl);
    const ours = await runScenario(scenario, broker.url);
    const paths = findDifferences(ours, theirs);
    const listed = readListedPaths(name, major);
    const unlisted = paths.filter((path) => !listed.some((pattern) => pattern.test(path)));
    const gone = listed.filter((pattern) => !paths.some((path) => pattern.test(path))).map(String);
    const seen = { ours, theirs };
    expect({ unlisted, gone, ...seen }, `compared with RabbitMQ ${major}`).toEqual({
      unlisted: [],
      gone: [],
      ...seen,
    });
  });
});
