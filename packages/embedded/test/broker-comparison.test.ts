import { describe, expect, it } from "vitest";
import { createBench } from "./broker-client.ts";
import { findDifferences } from "./broker-differential/differences.ts";
import { knownDifferences, readListedPaths } from "./broker-differential/known-differences.ts";
import { readRabbitmqVersion } from "./broker-differential/rabbitmq-version.ts";

const bench = createBench();

describe("the comparison with RabbitMQ", () => {
  it("fails with what to do when there is no RabbitMQ", async () => {
    await expect(readRabbitmqVersion("amqp://guest:guest@127.0.0.1:1")).rejects.toThrow(
      "No RabbitMQ at 127.0.0.1:1, and this suite compares with a real one. Start one with packages/embedded/test/servers/start-rabbitmq.sh",
    );
  });

  it("does not take the embedded broker for RabbitMQ", async () => {
    const broker = await bench.start();
    await expect(readRabbitmqVersion(broker.url)).rejects.toThrow(
      "is Tracebridge embedded broker, not RabbitMQ",
    );
  });

  it.for([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2 }, ["a"]],
    [{ a: 1 }, { b: 1 }, ["a", "b"]],
    [[1, { a: [true] }], [1, { a: [false] }], ["[1].a[0]"]],
    [[1], [1, 2], ["(whole)"]],
    ["open", { closed: "channel" }, ["(whole)"]],
    [null, null, []],
    [{ a: null }, { a: {} }, ["a"]],
  ])("finds where %j and %j differ", ([one, other, paths]) => {
    expect(findDifferences(one, other)).toEqual(paths);
  });

  it("gives every known difference a reason", () => {
    for (const { scenarios, versions, paths, reason } of knownDifferences) {
      expect(scenarios.length * versions.length * paths.length).toBeGreaterThan(0);
      expect(reason.length).toBeGreaterThan(20);
    }
  });

  it("takes a pattern of paths for what it says and no more", () => {
    const [pattern] = readListedPaths("a queue's time to live ends its messages", 3);
    expect(pattern?.test("[0].properties.headers.x-last-death-queue")).toBe(true);
    expect(pattern?.test("[0].properties.headers.x-death")).toBe(false);
    expect(pattern?.test("[0]zproperties.headers.x-last-death-queue")).toBe(true);
    expect(pattern?.test("[0].propertieszheaders.x-last-death-queue")).toBe(false);
    expect(readListedPaths("a queue's time to live ends its messages", 4)).toEqual([]);
  });
});
