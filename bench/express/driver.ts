import { Agent, get } from "node:http";

/** A number of requests to one service, over so many connections that are kept. */
export interface Load {
  port: number;
  requests: number;
  connections: number;
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

async function drive({ port, requests, connections }: Load): Promise<void> {
  const agent = agents.get(port) ?? new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(port, agent);
  let next = 0;
  const runOne = async (): Promise<void> => {
    for (let id = next++; id < requests; id = next++) await request(agent, port, `/users/${id}`);
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
