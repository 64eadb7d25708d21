import type { Worker } from "node:worker_threads";

/** A call to a thread. */
export interface ThreadCall<Call> {
  id: number;
  call: Call;
}

/** Its answer. Id 0 answers the start of the thread, which nobody asks for. */
export interface ThreadReply {
  id: number;
  value?: unknown;
  error?: string;
}

export interface ThreadCalls<Call> {
  /** Settles with the reply of id 0. */
  started: Promise<unknown>;
  /** Settles when the thread has ended, with why. */
  ended: Promise<Error>;
  /** Rejects when the thread answers with an error, or has ended. */
  ask(call: Call): Promise<unknown>;
}

/** Threads inherit --import and with it whatever the process preloads; those of compare need none of it. */
export const threadArguments = ["--conditions=tracebridge-source", "--disable-warning=ExperimentalWarning"];

/**
 * Matches a thread's replies with the calls they answer.
 *
 * @param onNews told of every message that is no reply
 */
export function createThreadCalls<Call>(
  worker: Worker,
  onNews: (message: unknown) => void = () => {},
): ThreadCalls<Call> {
  const starting = Promise.withResolvers<unknown>();
  const ended = Promise.withResolvers<Error>();
  const waiting = new Map<number, PromiseWithResolvers<unknown>>([[0, starting]]);
  let failure: Error | undefined;
  let lastId = 0;
  worker.on("message", (message: unknown) => {
    if (!isReply(message)) return onNews(message);
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  });
  const end = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
    ended.resolve(failure);
  };
  worker.on("error", end);
  worker.on("exit", () => end(new Error("the thread has ended")));
  // Not everybody waits for the start: the first call fails as well.
  starting.promise.catch(() => undefined);
  return {
    started: starting.promise,
    ended: ended.promise,
    ask: async (call) => {
      if (failure) throw failure;
      lastId += 1;
      const reply = Promise.withResolvers<unknown>();
      waiting.set(lastId, reply);
      worker.postMessage({ id: lastId, call } satisfies ThreadCall<Call>);
      return reply.promise;
    },
  };
}

function isReply(message: unknown): message is ThreadReply {
  return typeof message === "object" && message !== null && "id" in message;
}
