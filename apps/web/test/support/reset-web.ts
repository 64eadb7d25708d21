import { createServer as createHttpServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Collection } from "mongodb";
import { startBroker } from "../../../../packages/service/src/broker/index.ts";
import { startDatabase } from "../../../../packages/service/src/database/index.ts";
import {
  createRecordingLogger,
  type RecordingLogger,
} from "../../../../packages/service/test/support/log.ts";
import { startProxy, type Proxy } from "../../../../packages/service/test/support/proxy.ts";
import { startServers } from "../../../../packages/service/test/support/servers.ts";
import { openTestQueues, type TestQueues } from "../../../../packages/service/test/support/test-queues.ts";
import { waitUntil } from "../../../../packages/service/test/support/wait.ts";
import { createPasswordResets } from "../../src/resets/password-resets.ts";
import { createServer } from "../../src/server.ts";
import { createOrderStore } from "../../src/store/orders.ts";
import { createResetStore, type ResetDocument } from "../../src/store/resets.ts";
import { createUserStore, type UserDocument } from "../../src/store/users.ts";

export const secret = "0123456789abcdef0123456789abcdef";

/** Web's server over an embedded broker and database, each behind a proxy, with a clock that tests move. */
export interface ResetWeb {
  url: string;
  clock: { now: number };
  limits: { perAddress: number; perClient: number };
  log: RecordingLogger;
  queues: TestQueues;
  users: Collection<UserDocument>;
  resets: Collection<ResetDocument>;
  toBroker: Proxy;
  toDatabase: Proxy;
  /** The set-up at a start: indexes and sample users. */
  prepare(): Promise<void>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

export async function startResetWeb(options: {
  sampleUsers: readonly string[];
  limits?: ResetWeb["limits"];
  trustProxy?: number | false;
}): Promise<ResetWeb> {
  const { sampleUsers, limits = { perAddress: 1000, perClient: 1000 }, trustProxy = false } = options;
  const servers = await startServers();
  const [toBroker, toDatabase] = await Promise.all([
    startProxy(servers.amqpUrl),
    startProxy(servers.mongoUrl),
  ]);
  const log = createRecordingLogger();
  const { logger } = log;
  const database = startDatabase({ url: toDatabase.url, name: "web", service: "test", logger });
  const broker = await startBroker({ url: toBroker.url, service: "test", queues: ["mail"], logger });
  const clock = { now: Date.now() };
  const now = (): number => clock.now;
  const context = { database, broker, logger };
  const users = createUserStore(context, sampleUsers);
  const resets = createResetStore(context);
  const prepare = async (): Promise<void> => {
    for (const store of [users, resets]) await store.prepare();
  };
  await database.prepare(prepare, new AbortController().signal);
  await waitUntil("the broker", () => broker.isConnected());
  const sweeper = resets.startSweeper?.();
  const app = createServer({
    logger,
    database,
    store: createOrderStore(context),
    resets: { passwords: createPasswordResets({ users, resets, secret, now, logger }), limits, now },
    trustProxy,
    corsOrigins: [],
    pageDir: "no-page",
    compareUrl: undefined,
    readReadiness: () => Promise.reject(new Error("nobody asks")),
  });
  const server = createHttpServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const queues = await openTestQueues(servers.amqpUrl);
  return {
    url,
    clock,
    limits,
    log,
    queues,
    users: database.collection("user"),
    resets: database.collection("passwordReset"),
    toBroker,
    toDatabase,
    prepare,
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sweeper?.close();
      await queues.close();
      await broker.close();
      await database.close();
      await Promise.all([toBroker.close(), toDatabase.close()]);
      await servers.close();
    },
  };
}
