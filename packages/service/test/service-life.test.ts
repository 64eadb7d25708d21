import { createServer, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startBroker, startDatabase } from "@tracebridge/embedded";
import { claimPort } from "@tracebridge/embedded/ports";
import {
  readStatus,
  startServiceProcess,
  waitUntilReady,
  type ServiceProcess,
} from "./support/service-process.ts";
import { startProxy } from "./support/proxy.ts";
import { waitUntil } from "./support/wait.ts";

const names = ["web", "order", "factory"] as const;
const nobody = { AMQP_URL: "amqp://guest:secret@127.0.0.1:1", MONGO_URL: "mongodb://u:secret@127.0.0.1:1" };
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

function start(name: (typeof names)[number], env: NodeJS.ProcessEnv): ServiceProcess {
  const service = startServiceProcess(name, env);
  open.push(() => service.stop());
  return service;
}

test.each(names)("%s without its servers' addresses says what to set and ends with 1", async (name) => {
  const service = start(name, { PORT: "x" });
  expect(await service.exited).toEqual({ code: 1, signal: null });
  expect(
    service
      .text()
      .split("\n")
      .map((line) => line.split(/[ =]/)[0]),
  ).toEqual(["PORT", "AMQP_URL", "MONGO_URL"]);
  expect(service.lines).toEqual([]);
});

test("a port that is taken is one clear line and exit code 1", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  open.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  const service = start("order", { ...nobody, PORT: String(port) });
  expect(await service.exited).toEqual({ code: 1, signal: null });
  expect(service.text()).toBe(
    `PORT="${port}" is taken on 127.0.0.1: stop the program that uses it, or set PORT to another port.`,
  );
});

test.each(names)(
  "%s lives and is not ready while its servers are away, and never logs their passwords",
  async (name) => {
    const service = start(name, nobody);
    const url = await service.url();
    await waitUntil(
      "a try at each server",
      () => service.lines.map((line) => line["msg"]),
      (texts) =>
        ["The broker is away; trying again", "The database is away; trying again"].every((text) =>
          texts.includes(text),
        ),
    );
    expect(await readStatus(`${url}/health`)).toBe(200);
    const readiness = await fetch(`${url}/readiness`);
    expect([readiness.status, await readiness.json()]).toEqual([
      503,
      { status: "not ready", database: "away", broker: "away" },
    ]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(JSON.stringify(service.lines) + service.text()).not.toContain("secret");
  },
);

test("a service becomes ready when its servers come, and is not ready while one is gone", async () => {
  const ports = { broker: await claimPort(), database: await claimPort() };
  const service = start("factory", {
    AMQP_URL: `amqp://127.0.0.1:${ports.broker}`,
    MONGO_URL: `mongodb://127.0.0.1:${ports.database}`,
  });
  const url = await service.url();
  const readReadiness = async (): Promise<unknown> => (await fetch(`${url}/readiness`)).json();
  expect(await readReadiness()).toMatchObject({ status: "not ready" });

  const broker = await startBroker({ port: ports.broker });
  const database = await startDatabase({ port: ports.database });
  open.unshift(
    () => broker.close(),
    () => database.close(),
  );
  await waitUntilReady(service);

  await broker.close();
  await waitUntil("the broker to be missed", readReadiness, (body) =>
    JSON.stringify(body).includes('"broker":"away"'),
  );
  expect(await readReadiness()).toEqual({ status: "not ready", database: "up", broker: "away" });
  expect(await readStatus(`${url}/health`)).toBe(200);
});

test("a service ends with 0 when the process that started it is gone", async () => {
  const service = start("order", nobody);
  await service.url();
  service.disconnect();
  expect(await service.exited).toEqual({ code: 0, signal: null });
});

test("SIGINT ends a service with 0", async () => {
  const service = start("web", nobody);
  await service.url();
  service.kill("SIGINT");
  expect(await service.exited).toEqual({ code: 0, signal: null });
});

/** A service whose connections have gone silent: nothing it asks for at the end is answered. */
async function startSilenced(): Promise<ServiceProcess> {
  const broker = await startBroker();
  const database = await startDatabase();
  const proxies = [await startProxy(broker.url), await startProxy(database.url)] as const;
  open.push(
    () => broker.close(),
    () => database.close(),
    ...proxies.map((proxy) => () => proxy.close()),
  );
  const service = start("factory", { AMQP_URL: proxies[0].url, MONGO_URL: proxies[1].url });
  await waitUntilReady(service);
  for (const proxy of proxies) proxy.stall();
  return service;
}

test("servers that do not answer cannot keep a service from ending with 0", async () => {
  const service = await startSilenced();
  service.kill("SIGTERM");
  expect(await service.exited).toEqual({ code: 0, signal: null });
});

test("a second signal ends a service at once", async () => {
  const service = await startSilenced();
  service.kill("SIGTERM");
  await waitUntil("the shutdown to begin", () =>
    service.lines.some((line) => line["msg"] === "Shutting down"),
  );
  // The echo of one key press is not yet a second signal.
  await new Promise((resolve) => setTimeout(resolve, 700));
  service.kill("SIGTERM");
  expect(await service.exited).toEqual({ code: 143, signal: null });
});

test("one Ctrl-C that arrives twice, as under node --watch, ends a service in good order", async () => {
  const service = await startSilenced();
  service.kill("SIGINT");
  await waitUntil("the shutdown to begin", () =>
    service.lines.some((line) => line["msg"] === "Shutting down"),
  );
  service.kill("SIGINT");
  expect(await service.exited).toEqual({ code: 0, signal: null });
});
