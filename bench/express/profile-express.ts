import { describeThreads, profilePeer } from "../measure/profile-peer.ts";
import { createProfilingArguments, type Window } from "../measure/profile-threads.ts";
import type { Peer } from "../peers.ts";
import { startExpressSystem } from "./express-system.ts";

const warmUp = 3000;
const connections = 4;

/** Profiles one peer after its warm-up, until all is sent, and tells where its time goes. */
export function profileExpress(peers: readonly Peer[], requests: number): Promise<string> {
  return profilePeer(peers, async (peer, folder) => {
    const window = await run(peer, requests, folder);
    return describeThreads(peer.name, { folder, window }, { unit: "request", count: requests });
  });
}

async function run(peer: Peer, requests: number, folder: string): Promise<Window> {
  const system = await startExpressSystem();
  try {
    const service = await system.startService(peer, createProfilingArguments(folder));
    await service.send(warmUp, connections);
    await service.collect();
    const from = await service.process.readClockMicros();
    await service.send(requests, connections);
    const { complaint } = await service.collect();
    if (complaint !== "") process.stderr.write(`${complaint}\n`);
    return { from, to: await service.process.readClockMicros() };
  } finally {
    await system.stop();
  }
}
