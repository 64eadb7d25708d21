import { Agent, get } from "node:http";
import { setTimeout } from "node:timers/promises";

/** A number of requests to one service, over so many connections that are kept. */
export interface Load {
  port: number;
  requests: number;
  connections: number;
  /** After so many requests there is a pause. */
  burst: number;
  pauseMillis: number;
}

/** Sends the requests of its parent's messages and answers each message when the last response is there. */
process.on("message", (load: Load) => {
  drive(load).then(
    () => process.send?.({}),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.once("disconnect", () => process.exit(0));

const agents = new Map<number, Agent>();

async function drive({ port, requests, connections, burst, pauseMillis }: Load): Promise<void> {
  const agent = agents.get(port) ?? new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(port, agent);
  for (let first = 0; first < requests; first += burst) {
    await runBurst(agent, port, first, Math.min(first + burst, requests), connections);
    await setTimeout(pauseMillis);
  }
}

/** Requests of the ids from `first` to before `end`, so many at a time. */
async function runBurst(
  agent: Agent,
  port: number,
  first: number,
  end: number,
  connections: number,
): Promise<void> {
  let next = first;
  const runOne = async (): Promise<void> => {
    for (let id = next++; id < end; id = next++) await request(agent, port, `/users/${id}`);
  };
  await Promise.all(Array.from({ length: connections }, runOne));
}

function request(agent: Agent, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
      response.resume();
      response.once("end", resolve);
    }).once("error", reject);
  });
}
