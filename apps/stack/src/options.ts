import { randomBytes } from "node:crypto";

/** What the person who typed `npm start` asked for; read once, here, from arguments and environment. */
export interface StackOptions {
  ports: Record<ServiceName | "compare" | "smtp" | "mails", number>;
  /** A server of the user's own; the embedded one is not started then. */
  amqpUrl: string | undefined;
  mongoUrl: string | undefined;
  smtpUrl: string | undefined;
  /** How many processes of each service run. */
  instances: Record<ServiceName, number>;
  /** What web and mailer make reset tokens with; the user's own, or a new one for each run. */
  resetTokenSecret: string;
}

export const serviceNames = ["web", "order", "factory", "mailer"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A mistake of the user's: its message says what is wrong and how to put it right. */
export class StackError extends Error {
  override readonly name = "StackError";
}

export const usage = `npm start [-- --scale factory=3]

Starts the whole order stack on this machine: broker, database and mail server (embedded), receivers that
speak Sentry's and OTLP's protocols, the services web, order, factory and mailer, and the page. Ctrl-C ends
all of it.

Options
  --scale <service>=<n>   run n processes of order, factory or mailer (repeatable)
  --help                  this text

Environment
  WEB_PORT, ORDER_PORT, FACTORY_PORT, MAILER_PORT, COMPARE_PORT   default 8006, 8005, 8004, 8003, 8007
  SMTP_PORT, MAILS_PORT    of the mail server and of the page that shows its mails, default 1025, 8025
  AMQP_URL, MONGO_URL, SMTP_URL   use these servers instead of the embedded ones
  SENTRY_DSN               default: the local receiver; set your project's DSN to use Sentry itself
  OTEL_EXPORTER_OTLP_ENDPOINT   default: the local receiver
  OTEL_TRACES_EXPORTER     sentry,otlp (default here) | sentry | otlp | console | none
  OTEL_SDK_DISABLED=true   the same code with no telemetry
  TRACEBRIDGE_BROWSER_EXPORTER   the same for the page; default: what the services have
  FACTORY_DELAY_MILLIS     how long the factory works, default 5000-10000
  SAMPLE_USERS             who can reset a password, default alice@example.com,bob@example.com
  RESET_TOKEN_SECRET       default: a new one at each start, so that older links end
Every other variable is passed on to the services: see docs/configuration.md.
`;

/**
 * @throws StackError when an argument or variable cannot be used
 */
export function readStackOptions(args: readonly string[], env: NodeJS.ProcessEnv): StackOptions {
  const instances = { web: 1, order: 1, factory: 1, mailer: 1 };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const value = arg === "--scale" ? (rest.shift() ?? "") : arg.replace(/^--scale=/, "");
    if (arg !== "--scale" && !arg.startsWith("--scale=")) {
      throw new StackError(`Unknown argument "${arg}". npm start -- --help lists what there is.`);
    }
    const scale = /^(order|factory|mailer)=([1-9])$/.exec(value);
    if (!scale) {
      throw new StackError(
        `--scale "${value}" cannot be used: write for example --scale factory=3 (order, factory or mailer, 1 to 9).`,
      );
    }
    instances[scale[1] as ServiceName] = Number(scale[2]);
  }
  const ports = {
    web: readPort("WEB_PORT", env, 8006),
    order: readPort("ORDER_PORT", env, 8005),
    factory: readPort("FACTORY_PORT", env, 8004),
    mailer: readPort("MAILER_PORT", env, 8003),
    compare: readPort("COMPARE_PORT", env, 8007),
    smtp: readPort("SMTP_PORT", env, 1025),
    mails: readPort("MAILS_PORT", env, 8025),
  };
  return {
    ports,
    instances,
    amqpUrl: env["AMQP_URL"] || undefined,
    mongoUrl: env["MONGO_URL"] || undefined,
    smtpUrl: env["SMTP_URL"] || undefined,
    resetTokenSecret: env["RESET_TOKEN_SECRET"] || randomBytes(32).toString("hex"),
  };
}

function readPort(variable: string, env: NodeJS.ProcessEnv, fallback: number): number {
  const value = env[variable];
  if (!value) return fallback;
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new StackError(`${variable}="${value}" is no port: use a number from 1 to 65535, or leave it unset.`);
}
