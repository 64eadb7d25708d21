import { subscribe } from "node:diagnostics_channel";

/** Node ends a process whose subscriber throws; a request that ours cannot read goes on without it. */
export function listen(channel: string, onMessage: (message: never) => void): void {
  subscribe(channel, (message) => {
    try {
      onMessage(message as never);
    } catch {
      // What it would have told an error is missing there.
    }
  });
}
