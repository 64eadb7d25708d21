import { afterAll, beforeAll, expect, test } from "vitest";
import { MongoClient } from "mongodb";
import { startProxy } from "../../../packages/service/test/support/proxy.ts";
import {
  readStatus,
  startServiceProcess,
  waitUntilReady,
  type ServiceProcess,
} from "../../../packages/service/test/support/service-process.ts";
import { startServers, type Servers } from "../../../packages/service/test/support/servers.ts";
import { openTestQueues, type TestQueues } from "../../../packages/service/test/support/test-queues.ts";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";

let servers: Servers;
let queues: TestQueues;
let client: MongoClient;
let env: NodeJS.ProcessEnv;
const services = new Map<string, ServiceProcess>();
const urls = new Map<string, string>();

async function start(
  name: "web" | "order" | "factory",
  more: NodeJS.ProcessEnv = {},
): Promise<ServiceProcess> {
  const service = startServiceProcess(name, { ...env, ...more });
  services.set(name, service);
  urls.set(name, await waitUntilReady(service));
  return service;
}

beforeAll(async () => {
  servers = await startServers();
  queues = await openTestQueues(servers.amqpUrl);
  client = await MongoClient.connect(servers.mongoUrl);
  env = { AMQP_URL: servers.amqpUrl, MONGO_URL: servers.mongoUrl, FACTORY_DELAY_MILLIS: "20-40" };
  await Promise.all([start("web"), start("order"), start("factory")]);
});

afterAll(async () => {
  await Promise.all([...services.values()].map((service) => service.stop()));
  await queues.close();
  await client.close();
  await servers.close();
});

async function place(order: { id: string; fail?: "once" | "always" }): Promise<number> {
  const answer = await fetch(`${urls.get("web")}/order`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  await answer.body?.cancel();
  return answer.status;
}

async function readStatuses(id: string): Promise<string[]> {
  const paths = [
    `${urls.get("web")}/order/${id}`,
    `${urls.get("order")}/order/${id}`,
    `${urls.get("factory")}/item/${id}`,
  ];
  return Promise.all(
    paths.map(async (path) => ((await (await fetch(path)).json()) as { status: string }).status),
  );
}

const waitForEverywhere = (id: string, status: string): Promise<string[]> =>
  waitUntil(
    `order ${id} to be ${status} everywhere`,
    () => readStatuses(id),
    (statuses) => statuses.every((each) => each === status),
  );

const received = (name: string, id: string): Record<string, unknown>[] =>
  (services.get(name)?.lines ?? []).filter(
    (line) => line["msg"] === "Message received" && line["orderId"] === id,
  );

test("an order is finished in all three databases, and each service logs each message with order id and service", async () => {
  expect(await place({ id: "plain" })).toBe(202);
  await waitForEverywhere("plain", "finished");
  expect(received("factory", "plain")).toMatchObject([
    { service: "factory", messageId: "plain.create.make" },
  ]);
  expect(received("order", "plain")).toMatchObject([
    { service: "order", messageId: "plain.create" },
    { service: "order", messageId: "plain.create.make.finished" },
  ]);
  expect(received("web", "plain").map((line) => line["messageId"])).toEqual([
    "plain.create.making",
    "plain.create.make.finished.finished",
  ]);
});

test("an order placed twice is made once", async () => {
  expect(await place({ id: "twice" })).toBe(202);
  expect(await place({ id: "twice" })).toBe(200);
  await waitForEverywhere("twice", "finished");
  expect(await place({ id: "twice" })).toBe(200);
  expect(received("order", "twice")).toHaveLength(2);
  expect(received("factory", "twice")).toHaveLength(1);
});

test("messages delivered twice, and a late making, change nothing", async () => {
  await place({ id: "again" });
  await waitForEverywhere("again", "finished");
  const send = (queue: string, messageId: string, body: unknown): Promise<void> =>
    queues.send(queue, body, { messageId });
  await send("order", "again.create", { type: "create", id: "again" });
  await send("factory", "again.create.make", { type: "make", id: "again" });
  await send("order", "again.create.make.finished", { type: "finished", id: "again" });
  await send("web", "stray.making", { type: "status", id: "again", status: "making" });
  await send("web", "stray.failed", { type: "status", id: "again", status: "failed" });
  await waitUntil(
    "all of them",
    () => received("web", "again").length,
    (count) => count === 4,
  );
  await waitUntil(
    "all of them",
    () => received("order", "again").length,
    (count) => count === 4,
  );
  await waitUntil(
    "all of them",
    () => received("factory", "again").length,
    (count) => count === 2,
  );
  expect(await place({ id: "mark" })).toBe(202);
  await waitForEverywhere("mark", "finished");
  expect(await readStatuses("again")).toEqual(["finished", "finished", "finished"]);
  expect(received("web", "again")).toHaveLength(4);
});

test("an order that fails once is finished by the second attempt", async () => {
  await place({ id: "once", fail: "once" });
  await waitForEverywhere("once", "finished");
  expect(received("factory", "once").map((line) => line["attempt"])).toEqual([1, 2]);
});

test("an order that always fails is failed in all three databases and lies in the dead-letter queue", async () => {
  await place({ id: "never", fail: "always" });
  await waitForEverywhere("never", "failed");
  const dead = await queues.take("factory.dead");
  expect(JSON.parse(dead.content.toString())).toEqual({ type: "make", id: "never", fail: "always" });
  expect(dead.properties.headers).toMatchObject({ "x-dead-reason": "failed", "x-dead-attempts": 3 });
});

test.each(["web", "order", "factory"])(
  "a poison message on queue %s is dead-lettered and orders go on",
  async (queue) => {
    await queues.send(queue, Buffer.from("poison"));
    await queues.send(queue, { type: "unknown", id: { $gt: "" } });
    const reasons: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      reasons.push(String((await queues.take(`${queue}.dead`)).properties.headers?.["x-dead-reason"]));
    }
    expect(reasons.sort()).toEqual(["bad_json", "unknown_shape"]);
    await place({ id: `after-poison-${queue}` });
    await waitForEverywhere(`after-poison-${queue}`, "finished");
  },
);

test("a factory that is told to end hands its work back and leaves with 0; the next one finishes it", async () => {
  await services.get("factory")?.stop();
  const slow = await start("factory", { FACTORY_DELAY_MILLIS: "600000" });
  await place({ id: "handed-back" });
  await waitUntil(
    "the work to begin",
    () => received("factory", "handed-back").length,
    (count) => count === 1,
  );
  expect(await slow.stop()).toEqual({ code: 0, signal: null });
  await start("factory");
  await waitForEverywhere("handed-back", "finished");
  expect(received("factory", "handed-back")).toMatchObject([{ attempt: 1 }]);
});

test("a factory killed in the middle of its work loses nothing", async () => {
  await services.get("factory")?.stop();
  const slow = await start("factory", { FACTORY_DELAY_MILLIS: "600000" });
  await place({ id: "killed" });
  await waitUntil(
    "the work to begin",
    () => received("factory", "killed").length,
    (count) => count === 1,
  );
  slow.kill("SIGKILL");
  expect(await slow.exited).toEqual({ code: null, signal: "SIGKILL" });
  await start("factory");
  await waitForEverywhere("killed", "finished");
});

test("an order service killed between write and publish sends when it is back", async () => {
  await services.get("order")?.stop();
  const doomed = await start("order", { FAIL_POINT: "after-write" });
  expect(await place({ id: "power-cut" })).toBe(202);
  expect(await doomed.exited).toEqual({ code: null, signal: "SIGKILL" });
  const stored = await client.db("order").collection("order").findOne({ id: "power-cut" });
  expect(stored).toMatchObject({ status: "create", outbox: [{ queue: "factory" }, { queue: "web" }] });
  await start("order");
  await waitForEverywhere("power-cut", "finished");
  expect(received("factory", "power-cut")).toHaveLength(1);
});

test("while the database of the order service is away its messages wait, and no attempt is used up", async () => {
  await services.get("order")?.stop();
  const proxy = await startProxy(servers.mongoUrl);
  const order = await start("order", { MONGO_URL: proxy.url });
  proxy.shut();
  expect(await place({ id: "outage" })).toBe(202);
  await waitUntil("the message to wait", () =>
    order.lines.some((line) => line["msg"] === "The message waits until the database is back"),
  );
  expect(await readStatus(`${urls.get("order")}/readiness`)).toBe(503);
  expect(await readStatus(`${urls.get("order")}/order/outage`)).toBe(503);
  proxy.open();
  await waitForEverywhere("outage", "finished");
  const failures = order.lines.filter(
    (line) => line["msg"] === "Attempt failed; the message will be tried again",
  );
  expect(failures).toEqual([]);
  expect(received("order", "outage").map((line) => line["attempt"])).toEqual([1, 1]);
  await order.stop();
  await proxy.close();
  await start("order");
});
