import { randomBytes } from "node:crypto";
import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { startProxy, type Proxy } from "../../../../packages/service/test/support/proxy.ts";
import { startServers } from "../../../../packages/service/test/support/servers.ts";
import {
  startServiceProcess,
  waitUntilReady,
  type ServiceProcess,
} from "../../../../packages/service/test/support/service-process.ts";
import { openTestQueues, type TestQueues } from "../../../../packages/service/test/support/test-queues.ts";

/** Web as a process with telemetry, over an embedded broker and database, each behind a proxy. */
export interface TracedWeb {
  process: ServiceProcess;
  receiver: Receiver;
  queues: TestQueues;
  toBroker: Proxy;
  toDatabase: Proxy;
  /** Posts within a sampled trace of its own. */
  post(path: string, body: unknown): Promise<{ status: number; text: string; traceId: string }>;
  /** Everything it wrote and sent, in one text, after it has ended. */
  end(): Promise<string>;
  close(): Promise<void>;
}

export async function startTracedWeb(env: NodeJS.ProcessEnv): Promise<TracedWeb> {
  const [receiver, servers] = await Promise.all([startReceiver(), startServers()]);
  const [toBroker, toDatabase] = await Promise.all([
    startProxy(servers.amqpUrl),
    startProxy(servers.mongoUrl),
  ]);
  const queues = await openTestQueues(servers.amqpUrl);
  const web = startServiceProcess("web", {
    OTEL_SDK_DISABLED: "false",
    NODE_OPTIONS: "--import=@tracebridge/telemetry/register",
    OTEL_SERVICE_NAME: "web",
    SENTRY_DSN: receiver.dsn,
    SENTRY_TRACES_SAMPLE_RATE: "1",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: "100",
    OTEL_BLRP_SCHEDULE_DELAY: "100",
    AMQP_URL: toBroker.url,
    MONGO_URL: toDatabase.url,
    ...env,
  });
  const url = await waitUntilReady(web);
  return {
    process: web,
    receiver,
    queues,
    toBroker,
    toDatabase,
    post: async (path, body) => {
      const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
      const answer = await fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", traceparent: `00-${traceId}-${spanId}-01` },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text(), traceId };
    },
    end: async () => {
      await web.stop();
      const whole = (_key: string, value: unknown): unknown =>
        typeof value === "bigint" ? String(value) : value;
      return [JSON.stringify([receiver.sentry, receiver.otlp, web.lines], whole), web.text()].join("\n");
    },
    close: async () => {
      await web.stop();
      await queues.close();
      await Promise.all([toBroker.close(), toDatabase.close(), receiver.close()]);
      await servers.close();
    },
  };
}
