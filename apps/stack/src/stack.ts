import { claimPort } from "@tracebridge/embedded/ports";
import { describeCrash, startProcess, waitUntilReady, type StackProcess } from "./child.ts";
import { serviceNames, StackError, type StackOptions } from "./options.ts";
import {
  needsMailServer,
  planCompare,
  planEmbedded,
  planService,
  type ProcessPlan,
  type ServerUrls,
} from "./plan.ts";

/** The processes of one stack. Made first and started second, so that it can be stopped at any moment. */
export interface Stack {
  /**
   * Starts everything and waits until all of it is ready.
   *
   * @throws StackError when a process cannot be started
   */
  start(options: StackOptions, env: NodeJS.ProcessEnv): Promise<ServerUrls>;
  /** Settles with the explanation when a process ends that nobody stopped. */
  crashed: Promise<string>;
  /** Ends everything, services first so that their last spans still find the receivers; never longer than 10 s. */
  stop(): Promise<void>;
}

const readyTimeoutMillis = 60_000;
/** Services drain for at most this long, so that with what follows all is over within 10 s. */
const serviceStopMillis = 8_000;
const backEndStopMillis = 1_500;
const backEndNames: readonly string[] = ["embedded", "compare"];

export function createStack(onLine: (name: string, line: string) => void): Stack {
  const processes: StackProcess[] = [];
  let stopping = false;
  const crash = Promise.withResolvers<string>();
  const startOne = (plan: ProcessPlan): StackProcess => {
    if (stopping) throw new StackError(`${plan.name} was not started: the stack is being stopped.`);
    const child = startProcess(plan, (line) => onLine(plan.name, line));
    processes.push(child);
    onLine(plan.name, `started, pid ${child.pid}`);
    void child.exited.then((exit) => {
      if (!stopping) crash.resolve(describeCrash(child, exit));
    });
    return child;
  };
  return {
    crashed: crash.promise,
    start: async (options, env) => {
      const servers = await startBackEnds(options, env, startOne);
      await startServices(options, env, servers, startOne);
      return servers;
    },
    stop: async () => {
      stopping = true;
      await stopAll(
        processes.filter((child) => !isBackEnd(child)),
        serviceStopMillis,
      );
      await stopAll(processes.filter(isBackEnd), backEndStopMillis);
    },
  };
}

async function startBackEnds(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  start: (plan: ProcessPlan) => StackProcess,
): Promise<ServerUrls> {
  const compare = startAndWait(planCompare(options, env), start);
  const embeddedPlan = planEmbedded(options, env);
  const embedded = embeddedPlan ? waitForMessage(start(embeddedPlan)) : Promise.resolve({});
  const [started] = await Promise.all([embedded, compare]);
  return {
    amqpUrl: options.amqpUrl ?? readUrl(started, "amqpUrl"),
    mongoUrl: options.mongoUrl ?? readUrl(started, "mongoUrl"),
    smtpUrl: needsMailServer(options) ? readUrl(started, "smtpUrl") : (options.smtpUrl ?? ""),
  };
}

async function startServices(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  servers: ServerUrls,
  start: (plan: ProcessPlan) => StackProcess,
): Promise<void> {
  const waiting: Promise<unknown>[] = [];
  for (const service of serviceNames) {
    for (let number = 1; number <= options.instances[service]; number += 1) {
      const port = number === 1 ? options.ports[service] : await claimPort();
      waiting.push(startAndWait(planService(service, { number, port }, options, servers, env), start));
    }
  }
  await Promise.all(waiting);
}

async function startAndWait(plan: ProcessPlan, start: (plan: ProcessPlan) => StackProcess): Promise<void> {
  const child = start(plan);
  if (plan.readinessUrl) await waitUntilReady(child, plan.readinessUrl, readyTimeoutMillis);
}

async function waitForMessage(child: StackProcess): Promise<Record<string, unknown>> {
  return Promise.race([
    child.ready,
    child.exited.then((exit): never => {
      throw new StackError(describeCrash(child, exit));
    }),
  ]);
}

function readUrl(message: Record<string, unknown>, key: string): string {
  const url = message[key];
  if (typeof url !== "string") throw new StackError(`The embedded servers did not say their ${key}.`);
  return url;
}

function isBackEnd(child: StackProcess): boolean {
  return backEndNames.includes(child.name);
}

async function stopAll(processes: readonly StackProcess[], timeoutMillis: number): Promise<void> {
  await Promise.all(processes.map((child) => child.stop(timeoutMillis)));
}
