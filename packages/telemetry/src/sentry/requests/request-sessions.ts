import type { Client } from "@sentry/core";
import type { ForkedScope } from "../scopes/forked-scope.ts";

const MINUTE_MILLIS = 60_000;
const OUTCOMES = { ok: "exited", errored: "errored", crashed: "crashed" } as const;

interface Counts {
  exited: number;
  errored: number;
  crashed: number;
}

/** By the minute in which the requests ended. */
const waiting = new WeakMap<Client, Map<number, Counts>>();

/** What the isolation scope of a request is to have from its start; Sentry's client notes in it that there was an error. */
export const NEW_SESSION = { status: "ok" } as const;

/**
 * Begins the session of a request; to be ended with its answer, when it is counted with what became of it by then. The counts
 * are sent once a minute and when the client is flushed.
 * https://develop.sentry.dev/sdk/telemetry/sessions/#session-aggregates-payload
 */
export function startSession(client: Client, isolation: ForkedScope): () => void {
  client.emit("startRequestSession");
  return () => {
    // That of a probe was taken away.
    const { requestSession } = isolation.readData().sdkProcessingMetadata;
    if (requestSession) findCounts(client)[OUTCOMES[requestSession.status]] += 1;
  };
}

function findCounts(client: Client): Counts {
  const minutes = waiting.get(client) ?? startCounting(client);
  const minute = Math.floor(Date.now() / MINUTE_MILLIS);
  const counts = minutes.get(minute) ?? { exited: 0, errored: 0, crashed: 0 };
  minutes.set(minute, counts);
  return counts;
}

function startCounting(client: Client): Map<number, Counts> {
  const minutes = new Map<number, Counts>();
  waiting.set(client, minutes);
  const send = (): void => {
    clearTimeout(timer);
    stopListening();
    waiting.delete(client);
    const aggregates = [...minutes].map(([minute, counts]) => ({
      started: new Date(minute * MINUTE_MILLIS).toISOString(),
      ...counts,
    }));
    client.sendSession({ aggregates });
  };
  const stopListening = client.on("flush", send);
  const timer = setTimeout(send, MINUTE_MILLIS).unref();
  return minutes;
}
