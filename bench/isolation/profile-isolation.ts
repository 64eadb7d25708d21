import { describeThreads, profilePeer } from "../measure/profile-peer.ts";
import { createProfilingArguments, type Window } from "../measure/profile-threads.ts";
import type { Peer } from "../peers.ts";
import { startCountingReceiver } from "../receiver.ts";
import type { Load } from "../spans/commands.ts";
import { makeSpans, settle, startSubject } from "../spans/subject.ts";

/** Profiles one peer that writes what it would send, after its warm-up, and tells where the time of a span goes. */
export function profileIsolation(peers: readonly Peer[], load: Load): Promise<string> {
  return profilePeer(peers, async (peer, folder) => {
    const window = await run(peer, load, folder);
    const count = load.traces * load.spansPerTrace;
    return describeThreads(`isolation.${peer.name}`, { folder, window }, { unit: "span", count });
  });
}

async function run(peer: Peer, load: Load, folder: string): Promise<Window> {
  const receiver = await startCountingReceiver();
  const profiled = { ...peer, nodeArguments: [...peer.nodeArguments, ...createProfilingArguments(folder)] };
  const subject = await startSubject(profiled, true, receiver);
  try {
    await makeSpans(subject, load);
    await settle();
    const from = await subject.process.readClockMicros();
    await makeSpans(subject, load);
    await settle();
    return { from, to: await subject.process.readClockMicros() };
  } finally {
    await subject.process.stop();
    await receiver.stop();
  }
}
