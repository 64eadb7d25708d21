import { startReceiver, type Receiver, type ReceiverOptions } from "@tracebridge/receivers";
import { startProcess, waitUntilReady, type StackProcess } from "../../apps/stack/src/child.ts";
import {
  readStackOptions,
  serviceNames,
  type ServiceName,
  type StackOptions,
} from "../../apps/stack/src/options.ts";
import { planEmbedded, planService, type ServerUrls } from "../../apps/stack/src/plan.ts";
import { claimPort } from "../../packages/embedded/src/ports.ts";
import { removeQueues } from "./rabbitmq.ts";

/** The order stack as real processes over real sockets; what it sends arrives at an in-process receiver. */
export interface OrderStack {
  receiver: Receiver;
  servers: ServerUrls;
  /** Base URL of the first instance of each service. */
  urls: Record<ServiceName, string>;
  processes: Map<string, StackProcess>;
  /** Everything each process printed, by name of the process. */
  output: Map<string, string[]>;
  /** Starts a service again on its old port, with other variables if need be, and waits until it is ready. */
  restart(name: string, env?: NodeJS.ProcessEnv): Promise<void>;
  stop(): Promise<void>;
}

export interface OrderStackOptions {
  /** Variables for every service. A variable that is `undefined` is not set. */
  env?: NodeJS.ProcessEnv;
  /** Variables for one process, by name, for example `factory.2`. */
  envOf?: Record<string, NodeJS.ProcessEnv>;
  /** One process of each service but for mailer, which runs only where it is asked for. */
  instances?: Partial<Record<ServiceName, number>>;
  amqpUrl?: string;
  /** Where mailer finds its mail server: the stack has none. */
  smtpUrl?: string;
  receiver?: ReceiverOptions;
}

const readyTimeoutMillis = 30_000;
const defaultInstances = { web: 1, order: 1, factory: 1, mailer: 0 };

export async function startOrderStack(options: OrderStackOptions = {}): Promise<OrderStack> {
  const receiver = await startReceiver(options.receiver);
  const processes = new Map<string, StackProcess>();
  const output = new Map<string, string[]>();
  const ports = new Map<string, number>();
  const { amqpUrl, smtpUrl = "smtp://127.0.0.1:1" } = options;
  const stackOptions: StackOptions = {
    ...readStackOptions([], { AMQP_URL: amqpUrl, SMTP_URL: smtpUrl }),
    instances: { ...defaultInstances, ...options.instances },
  };
  const run = (plan: Parameters<typeof startProcess>[0]): StackProcess => {
    const lines = output.get(plan.name) ?? [];
    output.set(plan.name, lines);
    const child = startProcess(plan, (line) => lines.push(line));
    processes.set(plan.name, child);
    return child;
  };
  const stop = async (): Promise<void> => {
    const services = [...processes.entries()].filter(([name]) => name !== "embedded");
    await Promise.all(services.map(([, child]) => child.stop(10_000)));
    await processes.get("embedded")?.stop(2_000);
    await receiver.close();
  };

  try {
    if (amqpUrl !== undefined) await removeQueues(amqpUrl);
    const servers = { ...(await startServers(run, stackOptions)), smtpUrl };
    const startService = async (name: string, extra: NodeJS.ProcessEnv = {}): Promise<void> => {
      const [service, number = "1"] = name.split(".");
      const port = ports.get(name) ?? (await claimPort());
      ports.set(name, port);
      const env = { ...testEnv(receiver), ...options.env, ...options.envOf?.[name], ...extra };
      const instance = { number: Number(number), port };
      const plan = planService(service as ServiceName, instance, stackOptions, servers, env);
      const child = run({ ...plan, env: withoutUndefined(plan.env) });
      if (plan.readinessUrl) await waitUntilReady(child, plan.readinessUrl, readyTimeoutMillis);
    };
    await Promise.all(namesOf(stackOptions.instances).map((name) => startService(name)));
    const urlOf = (name: ServiceName): string => `http://127.0.0.1:${ports.get(name)}`;
    return {
      receiver,
      servers,
      urls: {
        web: urlOf("web"),
        order: urlOf("order"),
        factory: urlOf("factory"),
        mailer: urlOf("mailer"),
      },
      processes,
      output,
      stop,
      restart: async (name, env) => {
        await processes.get(name)?.stop(10_000);
        await startService(name, env);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServers(
  run: (plan: Parameters<typeof startProcess>[0]) => StackProcess,
  stackOptions: StackOptions,
): Promise<Omit<ServerUrls, "smtpUrl">> {
  const plan = planEmbedded(stackOptions, inheritedEnv());
  if (!plan) throw new Error("the order stack always brings its own database");
  const ready = await run(plan).ready;
  return { amqpUrl: stackOptions.amqpUrl ?? String(ready["amqpUrl"]), mongoUrl: String(ready["mongoUrl"]) };
}

function namesOf(instances: StackOptions["instances"]): string[] {
  return serviceNames.flatMap((service) =>
    Array.from({ length: instances[service] }, (_, index) =>
      index === 0 ? service : `${service}.${index + 1}`,
    ),
  );
}

/** Fast and fully sampled; telemetry goes to the test's own receiver and nowhere else. */
function testEnv(receiver: Receiver): NodeJS.ProcessEnv {
  return {
    ...inheritedEnv(),
    SENTRY_DSN: receiver.dsn,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: "100",
    OTEL_BLRP_SCHEDULE_DELAY: "100",
    FACTORY_DELAY_MILLIS: "50-100",
  };
}

/** The test runner's environment without what would change the services' behaviour. */
function inheritedEnv(): NodeJS.ProcessEnv {
  const foreign =
    /^(OTEL_|SENTRY_|TRACEBRIDGE_|FACTORY_|EMBEDDED_|VITEST|NODE_ENV|NODE_OPTIONS|AMQP_URL|MONGO_URL|SMTP_URL|RESET|SAMPLE_USERS|PAGE_URL|MAIL_FROM|CORS_|TRUST_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function withoutUndefined(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
