import type { Server } from "node:http";
import { captureError, getTelemetry } from "@tracebridge/telemetry";
import { startBroker, type Broker, type ConsumerOptions } from "../broker/index.ts";
import { ConfigError } from "../config/config-error.ts";
import type { LogLevel } from "../config/variables.ts";
import { startDatabase, type Database } from "../database/index.ts";
import { readReadiness, startHttpServer, type Readiness } from "../http/index.ts";
import { createLogger, type Logger } from "@tracebridge/telemetry/logger";
import { queueNames } from "../messages/index.ts";
import type { Sweeper } from "../outbox/index.ts";
import { drainOnSignal, type Drain } from "./drain.ts";

/** The variables every service has. */
export interface ServiceConfig {
  PORT: number;
  HOST: string;
  AMQP_URL: string;
  MONGO_URL: string;
  MONGO_DATABASE: string;
  LOG_LEVEL: LogLevel;
}

/** What a service is built from. */
export interface ServiceContext<C> {
  config: C;
  logger: Logger;
  database: Database;
  broker: Broker;
  readReadiness: () => Promise<Readiness>;
}

/** What a service is: its HTTP server (not listening yet), its stores and the queue it takes messages from. */
export interface ServiceParts<M> {
  server: Server;
  stores: readonly ServiceStore[];
  consumer: Omit<ConsumerOptions<M>, "logger" | "publisher" | "outages">;
}

/** A collection that is set up before anything works with it; one with an outbox has a sweeper too. */
export interface ServiceStore {
  prepare(): Promise<void>;
  startSweeper?(): Sweeper;
}

export interface ServiceDefinition<C extends ServiceConfig, M> {
  name: string;
  readConfig: (env: NodeJS.ProcessEnv) => C;
  build: (context: ServiceContext<C>) => ServiceParts<M> | Promise<ServiceParts<M>>;
}

const crashFlushMillis = 2000;

/**
 * The life of a service process. It answers `/health` at once and `/readiness` with 503 until database and broker are
 * there; only then it takes messages. A configuration that cannot be used ends it with exit code 1 and one plain line
 * per problem; a failure nobody caught is logged, captured and ends it with exit code 1 too.
 */
export async function runService<C extends ServiceConfig, M>(
  definition: ServiceDefinition<C, M>,
): Promise<void> {
  try {
    const config = definition.readConfig(process.env);
    const logger = createLogger({ name: definition.name, level: config.LOG_LEVEL });
    // Rejections nobody handled arrive here as well.
    process.on("uncaughtException", (error) => void endAfter(error, logger));
    await start(definition, config, logger);
  } catch (error) {
    await endAfter(error, undefined);
  }
}

async function start<C extends ServiceConfig, M>(
  definition: ServiceDefinition<C, M>,
  config: C,
  logger: Logger,
): Promise<void> {
  const { name } = definition;
  const drain = drainOnSignal(logger);
  const database = startDatabase({
    url: config.MONGO_URL,
    name: config.MONGO_DATABASE,
    service: name,
    logger,
  });
  drain.add("connection", { name: "database", run: () => database.close() });
  const broker = await startBroker({ url: config.AMQP_URL, service: name, queues: queueNames, logger });
  drain.add("connection", { name: "broker", run: () => broker.close() });
  const parts = await definition.build({
    config,
    logger,
    database,
    broker,
    readReadiness: () => readReadiness({ database, broker, isDraining: () => drain.isDraining() }),
  });
  const http = await startHttpServer(parts.server, { host: config.HOST, port: config.PORT, logger });
  drain.add("intake", { name: "http server", run: (timeoutMillis) => http.close(timeoutMillis) });
  await startWork(parts, { database, broker, drain });
}

/** Starts what needs the database, as soon as it is there. */
async function startWork<M>(
  parts: ServiceParts<M>,
  { database, broker, drain }: { database: Database; broker: Broker; drain: Drain },
): Promise<void> {
  try {
    await database.prepare(() => prepareAll(parts.stores), drain.signal);
  } catch (error) {
    if (drain.isDraining()) return;
    throw error;
  }
  for (const store of parts.stores) {
    const sweeper = store.startSweeper?.();
    if (sweeper) drain.add("intake", { name: "outbox sweeper", run: () => sweeper.close() });
  }
  const consumer = await broker.consume({ ...parts.consumer, outages: database });
  drain.add("intake", { name: "consumer", run: (timeoutMillis) => consumer.close(timeoutMillis) });
}

async function prepareAll(stores: readonly ServiceStore[]): Promise<void> {
  for (const store of stores) await store.prepare();
}

async function endAfter(error: unknown, logger: Logger | undefined): Promise<void> {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
  } else {
    if (logger) logger.fatal({ err: error }, "Unexpected failure; the service ends");
    else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    captureError(error, { level: "fatal" });
  }
  try {
    await getTelemetry()?.shutdown(crashFlushMillis);
  } finally {
    // Whatever goes wrong here would only come back here.
    process.exit(1);
  }
}
