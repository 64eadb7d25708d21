import { closeSession, getDefaultCurrentScope, getDefaultIsolationScope } from "@sentry/core";
import type { Timer } from "../background.ts";
import type { QueuedTransport } from "../transport/queued-transport.ts";
import type { BridgeClient } from "./bridge-client.ts";

export interface StartedClient {
  readonly client: BridgeClient;
  readonly transport: QueuedTransport | undefined;
  /** Sentry adds listeners for uncaught errors and has no way to remove them. */
  readonly stopListening: () => void;
}

/** Something that takes telemetry until it is told to stop. */
interface Stoppable {
  stop(): void;
}

/** Sends what is buffered; resolves when it was sent or when `timeoutMillis` has passed. Never rejects. */
export function flushClient(client: BridgeClient, timeoutMillis: number): Promise<void> {
  // The client waits twice as long as it is told to: for its events, and for its transport.
  return withDeadline(Promise.resolve(client.flush(share(timeoutMillis, 0.45))), timeoutMillis);
}

/** The end of the bridge, which happens once. */
export class ClientShutdown {
  readonly #client: BridgeClient;
  readonly #transport: QueuedTransport | undefined;
  readonly #sources: readonly Stoppable[];
  readonly #stopListening: () => void;
  #ending: Promise<void> | undefined;

  constructor({ client, transport, stopListening }: StartedClient, sources: readonly Stoppable[]) {
    this.#client = client;
    this.#transport = transport;
    this.#stopListening = stopListening;
    this.#sources = sources;
  }

  /** Resolves within `timeoutMillis`, whatever the network does; a later call can only shorten the first. */
  async start(timeoutMillis: number): Promise<void> {
    this.#ending ??= this.#end(timeoutMillis);
    await withDeadline(this.#ending, share(timeoutMillis, 0.95));
    this.#transport?.close();
  }

  async #end(timeoutMillis: number): Promise<void> {
    for (const source of this.#sources) source.stop();
    await withDeadline(this.#sendAll(timeoutMillis), share(timeoutMillis, 0.9));
    this.#transport?.close();
    this.#release();
  }

  /** What happens from now on is no longer ours. */
  #release(): void {
    this.#stopListening();
    const scope = getDefaultCurrentScope();
    if (scope.getClient() === this.#client) scope.setClient(undefined);
  }

  /** The session of the process, where it serves no requests; Sentry ends it only when a process runs out of work. */
  #endSession(): void {
    const scope = getDefaultIsolationScope();
    const session = scope.getSession();
    if (session?.status !== "ok") return;
    closeSession(session);
    this.#client.captureSession(session);
    scope.setSession();
  }

  /** The first flush sends the data, the second what became of it; only now every error has marked the session. */
  async #sendAll(timeoutMillis: number): Promise<void> {
    await this.#client.flush(share(timeoutMillis, 0.4));
    this.#endSession();
    await this.#client.close(share(timeoutMillis, 0.4));
  }
}

async function withDeadline(work: Promise<unknown>, timeoutMillis: number): Promise<void> {
  let timer: Timer | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  try {
    await Promise.race([work, deadline]);
  } catch {
    // What could not be sent has been counted.
  } finally {
    clearTimeout(timer);
  }
}

/** Zero means "wait for ever" to Sentry's client. */
function share(timeoutMillis: number, part: number): number {
  return Math.max(1, Math.floor(timeoutMillis * part));
}
