import { startBroker } from "@tracebridge/embedded";
import { queueOf, startService } from "./running-service.ts";
import type { RunningService, ServicePlan, ServiceRun } from "./running-service.ts";

/** Runs services in a row, as processes, sends a request and a message through all of them, and ends them. */
export async function runChain(plans: readonly ServicePlan[]): Promise<ServiceRun[]> {
  const broker = await startBroker();
  const services = await Promise.all(plans.map((plan, index) => startService(plan, index, broker.url)));
  try {
    const [head = "", ...urls] = await Promise.all(services.map(({ url }) => url));
    await send(`${head}/start/http`, urls);
    await send(
      `${head}/start/amqp`,
      plans.slice(1).map((_, index) => queueOf(index + 1)),
    );
    const last = services.at(-1);
    await Promise.all([last?.arrival.http, last?.arrival.amqp]);
    return await endAll(services);
  } catch (error) {
    const ended = await endAll(services);
    throw new Error(ended.map(({ sdk, stderr }) => `${sdk}: ${stderr}`).join("\n"), { cause: error });
  } finally {
    await broker.close();
  }
}

/** The head first, so that nobody loses the one it talks to. */
async function endAll(services: readonly RunningService[]): Promise<ServiceRun[]> {
  const runs: ServiceRun[] = [];
  for (const { end } of services) runs.push(await end());
  return runs;
}

async function send(url: string, route: readonly string[]): Promise<void> {
  const answer = await fetch(`${url}?route=${encodeURIComponent(route.join(","))}`);
  if (!answer.ok) throw new Error(`the head answered ${answer.status}: ${await answer.text()}`);
}
