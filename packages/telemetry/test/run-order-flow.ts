import { startBroker, startDatabase } from "@tracebridge/embedded";
import { runFixture } from "./fixture-process.ts";
import type { FixtureEnv, FixtureRun } from "./fixture-process.ts";

/** Runs a fixture that needs a broker and a database, with both beside it. */
export async function runOrderFlow(env: FixtureEnv, fixture = "order-flow.ts"): Promise<FixtureRun> {
  const broker = await startBroker();
  const database = await startDatabase();
  try {
    const addresses = { AMQP_URL: broker.url, MONGO_URL: database.url };
    return await runFixture((to) => ({ ...addresses, ...(typeof env === "function" ? env(to) : env) }), {
      fixture,
    });
  } finally {
    await Promise.all([broker.close(), database.close()]);
  }
}
