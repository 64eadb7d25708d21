/**
 * The embedded servers as a process of their own. Environment: EMBEDDED_SERVERS (comma list of amqp, mongo; both),
 * EMBEDDED_AMQP_PORT and EMBEDDED_MONGO_PORT (0, any free port). Once everything listens, the parent gets
 * `{ type: "ready", amqpUrl, mongoUrl }` and standard output one line of JSON. Ends on SIGTERM, SIGINT and when the
 * channel to the parent closes.
 */
import { startBroker } from "./broker/index.ts";
import { startDatabase } from "./database/index.ts";
import { readChildConfig, type ServerName } from "./child-config.ts";

interface Started {
  url: string;
  close(): Promise<void>;
}

const starters: Record<ServerName, (options: { port: number }) => Promise<Started>> = {
  amqp: startBroker,
  mongo: startDatabase,
};

const started = new Map<ServerName, Started>();

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function start(): Promise<void> {
  for (const { name, port, variable } of readChildConfig(process.env)) {
    try {
      started.set(name, await starters[name]({ port }));
    } catch (error) {
      const isBusy = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isBusy) throw error;
      throw new Error(`Port ${port} is in use: set ${variable} to a free one, or to 0 for any.`, {
        cause: error,
      });
    }
  }
  const urls = { amqpUrl: started.get("amqp")?.url, mongoUrl: started.get("mongo")?.url };
  process.send?.({ type: "ready", ...urls });
  console.log(JSON.stringify({ ready: true, ...urls }));
}

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([...started.values()].map((server) => server.close()));
  process.exit(0);
}

for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const)
  process.on(event, () => void stop().catch(fail));

await start().catch(fail);
