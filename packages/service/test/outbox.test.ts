import { afterAll, beforeAll } from "vitest";
import { describeOutbox } from "./suites/outbox.ts";
import { startServers, type Servers } from "./support/servers.ts";

let servers: Servers;

beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.close());

describeOutbox(() => servers);
