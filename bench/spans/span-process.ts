import { fileURLToPath } from "node:url";
import { startMeasuredProcess, type MeasuredProcess } from "../measure/measured-process.ts";
import type { Peer } from "../peers.ts";
import type { SenderAddress } from "../receiver/address.ts";
import type { Call, CommandName, Commands, Reply } from "./commands.ts";

/** A process that makes spans when it is told to. */
export interface SpanProcess extends MeasuredProcess {
  tell<Name extends CommandName>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ): Promise<ReturnType<Commands[Name]>>;
}

const program = fileURLToPath(new URL("process.ts", import.meta.url));
const noNetwork = new URL("no-network.ts", import.meta.url).href;

/** `isOffline`: requests end in the process itself instead of at a receiver. */
export async function startSpanProcess(
  peer: Peer,
  address: SenderAddress,
  { isOffline }: { isOffline: boolean } = { isOffline: false },
): Promise<SpanProcess> {
  const measured = startMeasuredProcess({
    program,
    nodeArguments: [
      "--expose-gc",
      "--conditions=tracebridge-source",
      // First, so that whoever takes `request` from `node:http` gets this one.
      ...(isOffline ? ["--import", noNetwork] : []),
      ...peer.nodeArguments,
    ],
    env: { ...peer.createEnv(address), BENCH_PACKAGES: peer.folder.href },
  });
  await measured.nextMessage();
  return { ...measured, tell: createTell(measured) };
}

function createTell({ child }: MeasuredProcess): SpanProcess["tell"] {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  child.on("message", (message) => {
    if (!isReply(message)) return;
    const { call, result, error } = message;
    if (error === undefined) waiting.get(call)?.resolve(result);
    else waiting.get(call)?.reject(new Error(error));
    waiting.delete(call);
  });
  child.once("exit", () => {
    for (const call of waiting.values()) call.reject(new Error("a process of spans ended"));
  });
  const tell = (name: CommandName, ...args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ call: last, name, args } satisfies Call);
    });
  return tell as SpanProcess["tell"];
}

function isReply(message: unknown): message is Reply {
  return typeof message === "object" && message !== null && "call" in message;
}
