/** What the person who typed `npm start` asked for; read once, here, from arguments and environment. */
export interface StackOptions {
  ports: { web: number; order: number; factory: number; compare: number };
  /** A server of the user's own; the embedded one is not started then. */
  amqpUrl: string | undefined;
  mongoUrl: string | undefined;
  /** How many processes of each service run, at least one. */
  instances: Record<ServiceName, number>;
}

export type ServiceName = "web" | "order" | "factory";

/** A mistake of the user's: its message says what is wrong and how to put it right. */
export class StackError extends Error {
  override readonly name = "StackError";
}

export const usage = `npm start [-- --scale factory=3]

Starts the whole order stack on this machine: broker and database (embedded), receivers that speak
Sentry's and OTLP's protocols, the services web, order and factory, and the page. Ctrl-C ends all of it.

Options
  --scale <service>=<n>   run n processes of order or factory (repeatable)
  --help                  this text

Environment
  WEB_PORT, ORDER_PORT, FACTORY_PORT, COMPARE_PORT   default 8006, 8005, 8004, 8007
  AMQP_URL, MONGO_URL      use these servers instead of the embedded ones
  SENTRY_DSN               default: the local receiver; set your project's DSN to use Sentry itself
  OTEL_EXPORTER_OTLP_ENDPOINT   default: the local receiver
  OTEL_TRACES_EXPORTER     sentry,otlp (default here) | sentry | otlp | console | none
  OTEL_SDK_DISABLED=true   the same code with no telemetry
  FACTORY_DELAY_MILLIS     how long the factory works, default 5000-10000
Every other variable is passed on to the services: see docs/configuration.md.
`;

/**
 * @throws StackError when an argument or variable cannot be used
 */
export function readStackOptions(args: readonly string[], env: NodeJS.ProcessEnv): StackOptions {
  const instances = { web: 1, order: 1, factory: 1 };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const value = arg === "--scale" ? (rest.shift() ?? "") : arg.replace(/^--scale=/, "");
    if (arg !== "--scale" && !arg.startsWith("--scale=")) {
      throw new StackError(`Unknown argument "${arg}". npm start -- --help lists what there is.`);
    }
    const scale = /^(order|factory)=([1-9])$/.exec(value);
    if (!scale) {
      throw new StackError(
        `--scale "${value}" cannot be used: write for example --scale factory=3 (order or factory, 1 to 9).`,
      );
    }
    instances[scale[1] as "order" | "factory"] = Number(scale[2]);
  }
  const ports = {
    web: readPort("WEB_PORT", env, 8006),
    order: readPort("ORDER_PORT", env, 8005),
    factory: readPort("FACTORY_PORT", env, 8004),
    compare: readPort("COMPARE_PORT", env, 8007),
  };
  return { ports, instances, amqpUrl: env["AMQP_URL"] || undefined, mongoUrl: env["MONGO_URL"] || undefined };
}

function readPort(variable: string, env: NodeJS.ProcessEnv, fallback: number): number {
  const value = env[variable];
  if (!value) return fallback;
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new StackError(`${variable}="${value}" is no port: use a number from 1 to 65535, or leave it unset.`);
}
