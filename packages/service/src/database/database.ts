import { MongoClient, type Collection, type Db, type Document } from "mongodb";
import { setTimeout as sleep } from "node:timers/promises";
import { runUntraced } from "@tracebridge/telemetry";
import type { Logger } from "@tracebridge/telemetry/logger";
import { isDatabaseOutage } from "./outage.ts";

interface DatabaseOptions {
  url: string;
  /** Name of the database. */
  name: string;
  /** Name of the service, shown in the server's log. */
  service: string;
  logger: Logger;
}

/** The service's own database: one client, connected in the background. */
export interface Database {
  collection<T extends Document>(name: string): Collection<T>;
  /** Runs `setUp` (indexes) until it succeeds; resolves then. Rejects only when `signal` is aborted. */
  prepare(setUp: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Whether `prepare` succeeded and the server answers now. */
  isReady(): Promise<boolean>;
  /** Whether `prepare` succeeded: before that there is no unique index, and nothing may be written. */
  isPrepared(): boolean;
  /** Whether the server cannot be reached, as opposed to having refused something. */
  isOutage(error: unknown): boolean;
  /** Resolves when the server answers, rejects when `signal` is aborted. */
  waitForEnd(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const selectionTimeoutMillis = 3000;
const socketTimeoutMillis = 10_000;
const pingTimeoutMillis = 1000;
const firstPauseMillis = 250;
const longestPauseMillis = 3000;

export function startDatabase(options: DatabaseOptions): Database {
  const { logger } = options;
  const client = runUntraced(
    () =>
      new MongoClient(options.url, {
        appName: options.service,
        serverSelectionTimeoutMS: selectionTimeoutMillis,
        connectTimeoutMS: socketTimeoutMillis,
        socketTimeoutMS: socketTimeoutMillis,
        waitQueueTimeoutMS: socketTimeoutMillis,
      }),
  );
  const db: Db = client.db(options.name);
  let prepared = false;

  const answers = (): Promise<boolean> => answersPing(db);
  return {
    collection: (name) => db.collection(name),
    isPrepared: () => prepared,
    isReady: async () => prepared && (await answers()),
    prepare: async (setUp, signal) => {
      await retryUntilDone(() => runUntraced(setUp), signal, logger);
      prepared = true;
      logger.info({ database: options.name }, "Connected to the database");
    },
    isOutage: isDatabaseOutage,
    waitForEnd: async (signal) => {
      do await sleep(firstPauseMillis, undefined, { signal });
      while (!(await answers()));
    },
    close: () => client.close(),
  };
}

async function answersPing(db: Db): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(false), pingTimeoutMillis);
  const ping = runUntraced(() => db.command({ ping: 1 })).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([ping, timeout.promise]);
  clearTimeout(timer);
  return answered;
}

async function retryUntilDone(work: () => Promise<void>, signal: AbortSignal, logger: Logger): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      // A client that is being closed fails in ways that say nothing of the database.
      signal.throwIfAborted();
      const delayMillis = Math.min(longestPauseMillis, firstPauseMillis * attempt);
      logger.warn({ attempt, delayMillis, err: error }, "The database is away; trying again");
      await sleep(delayMillis, undefined, { signal });
    }
  }
}
