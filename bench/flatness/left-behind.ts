import { countHeld } from "../measure/held-memory.ts";
import { drawTable } from "../measure/table.ts";
import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import { readAccounts } from "../spans/account.ts";
import { startSpanProcess, type SpanProcess } from "../spans/span-process.ts";

const traces = 5_000;
const spansPerTrace = 10;
const endMillis = 1_000;
/** The first one compiles code and fills caches. */
const cycles = 4;

interface State {
  heldBytes: number;
  /** Set since the process was told to count. */
  timers: number;
  /** What keeps it alive. */
  resources: string;
}

/** Opens traces, ends them, waits until all is sent: what is left of them? */
export async function measureLeftBehind(peer: Peer, receiver: CountingReceiver): Promise<string> {
  const sender = `${peer.name}-left`;
  const process = await startSpanProcess(peer, receiver.addressOf(sender));
  const rows: string[][] = [];
  try {
    await process.tell("countTimers");
    let before = await readState(process);
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      await process.tell("open", { traces, spansPerTrace });
      const open = await readState(process);
      await process.tell("end", endMillis);
      await process.flush();
      await readAccounts(peer, process, cycle * traces * spansPerTrace, () => receiver.read(sender));
      const after = await readState(process);
      rows.push([String(cycle), ...describe(before, open), ...describe(before, after), after.resources]);
      before = after;
    }
  } finally {
    await process.stop();
  }
  return drawTable(
    [
      "cycle",
      "open: bytes a trace",
      "timers",
      "after: bytes a trace",
      "timers",
      "what keeps the process alive",
    ],
    rows,
  );
}

async function readState(process: SpanProcess): Promise<State> {
  const heldBytes = countHeld(await process.readMemory());
  const timers = await process.tell("countTimers");
  const resources = countKinds(await process.tell("readResources"));
  return { heldBytes, timers, resources };
}

/** What came to be in between: bytes held a trace, and timers. */
function describe(before: State, after: State): string[] {
  return [((after.heldBytes - before.heldBytes) / traces).toFixed(0), String(after.timers - before.timers)];
}

function countKinds(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`)).join(", ");
}
