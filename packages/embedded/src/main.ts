/**
 * The embedded servers as a process of their own. Environment: EMBEDDED_SERVERS (comma list of amqp, mongo and smtp; the
 * first two), EMBEDDED_AMQP_PORT, EMBEDDED_MONGO_PORT, EMBEDDED_SMTP_PORT and EMBEDDED_MAILS_PORT (0, any free port).
 * Once everything listens, the parent gets `{ type: "ready", amqpUrl, mongoUrl, smtpUrl, mailsUrl }`, of the servers that
 * run, and standard output one line of JSON. Ends on SIGTERM, SIGINT and when the channel to the parent closes.
 */
import { startBroker } from "./broker/index.ts";
import { startDatabase } from "./database/index.ts";
import { readChildConfig, type ServerConfig, type ServerName } from "./child-config.ts";

interface Started {
  urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const starters: Record<ServerName, (...ports: (number | undefined)[]) => Promise<Started>> = {
  amqp: async (port) => {
    const broker = await startBroker({ port });
    return { urls: { amqpUrl: broker.url }, close: () => broker.close() };
  },
  mongo: async (port) => {
    const database = await startDatabase({ port });
    return { urls: { mongoUrl: database.url }, close: () => database.close() };
  },
  smtp: async (smtpPort, httpPort) => {
    // Only here, as most of those who start this process want no mails and need not wait for it.
    const { startMailServer } = await import("./smtp/index.ts");
    const mail = await startMailServer({ smtpPort, httpPort });
    return { urls: { smtpUrl: mail.smtpUrl, mailsUrl: mail.pageUrl }, close: () => mail.stop() };
  },
};

const started: Started[] = [];

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function start(): Promise<void> {
  for (const { name, ports } of readChildConfig(process.env)) {
    try {
      started.push(await starters[name](...ports.map(({ port }) => port)));
    } catch (error) {
      throw describeBusyPort(error, ports) ?? error;
    }
  }
  const urls = Object.assign({}, ...started.map((server) => server.urls)) as Record<string, string>;
  process.send?.({ type: "ready", ...urls });
  console.log(JSON.stringify({ ready: true, ...urls }));
}

function describeBusyPort(error: unknown, ports: ServerConfig["ports"]): Error | undefined {
  if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) return undefined;
  const busy = ports.find(({ port }) => "port" in error && error.port === port);
  if (!busy) return undefined;
  const { port, variable } = busy;
  return new Error(`Port ${port} is in use: set ${variable} to a free one, or to 0 for any.`, {
    cause: error,
  });
}

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await Promise.all(started.map((server) => server.close()));
  process.exit(0);
}

for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const)
  process.on(event, () => void stop().catch(fail));

await start().catch(fail);
