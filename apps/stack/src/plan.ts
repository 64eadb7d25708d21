import type { ServiceName, StackOptions } from "./options.ts";

/** One child process of the stack, described completely: nothing else decides how it is started. */
export interface ProcessPlan {
  name: string;
  /** Path of its main file, from the root of the workspace. */
  main: string;
  execArgv: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Answers 200 when the process can do its work; without one the process says so itself over IPC. */
  readinessUrl?: string;
}

export interface ServerUrls {
  amqpUrl: string;
  mongoUrl: string;
  smtpUrl: string;
}

const source = "--conditions=tracebridge-source";
const withTelemetry = [source, "--import", "@tracebridge/telemetry/register"];

/** The embedded servers, or none when the user brings all of their own. */
export function planEmbedded(options: StackOptions, env: NodeJS.ProcessEnv): ProcessPlan | undefined {
  const servers = [
    options.amqpUrl ? [] : ["amqp"],
    options.mongoUrl ? [] : ["mongo"],
    needsMailServer(options) ? ["smtp"] : [],
  ].flat();
  if (servers.length === 0) return undefined;
  return {
    name: "embedded",
    main: "packages/embedded/src/main.ts",
    execArgv: [source],
    env: {
      ...env,
      EMBEDDED_SERVERS: servers.join(","),
      EMBEDDED_SMTP_PORT: String(options.ports.smtp),
      EMBEDDED_MAILS_PORT: String(options.ports.mails),
    },
  };
}

/** Whether the stack has a mail server of its own. */
export function needsMailServer(options: StackOptions): boolean {
  return options.smtpUrl === undefined && options.instances.mailer > 0;
}

/** The receivers for both protocols and the view of what they received. */
export function planCompare(options: StackOptions, env: NodeJS.ProcessEnv): ProcessPlan {
  return {
    name: "compare",
    main: "apps/compare/src/main.ts",
    execArgv: [source],
    env: { ...env, PORT: String(options.ports.compare) },
    readinessUrl: `http://127.0.0.1:${options.ports.compare}/health`,
  };
}

/** One process of a service. The first instance has the service's well-known port. */
export function planService(
  service: ServiceName,
  instance: { number: number; port: number },
  options: StackOptions,
  servers: ServerUrls,
  env: NodeJS.ProcessEnv,
): ProcessPlan {
  const receiver = `localhost:${options.ports.compare}`;
  return {
    name: instance.number === 1 ? service : `${service}.${instance.number}`,
    main: `apps/${service}/src/main.ts`,
    execArgv: withTelemetry,
    env: {
      // Defaults of the local stack; whatever the user set comes later and wins.
      SENTRY_DSN: `http://public@${receiver}/1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${receiver}`,
      SENTRY_TRACES_SAMPLE_RATE: "1.0",
      // A newcomer looks at the trace a second after the order: the default of 5 s feels broken.
      OTEL_BSP_SCHEDULE_DELAY: "500",
      OTEL_BLRP_SCHEDULE_DELAY: "500",
      COMPARE_URL: `http://${receiver}`,
      ...defaultsOf(service, options),
      ...env,
      // One value for all would make the services indistinguishable.
      OTEL_SERVICE_NAME: service,
      AMQP_URL: servers.amqpUrl,
      MONGO_URL: servers.mongoUrl,
      // The same in both: web stores what tells a token, mailer puts the token into the link.
      ...((service === "web" || service === "mailer") && { RESET_TOKEN_SECRET: options.resetTokenSecret }),
      ...(service === "mailer" && { SMTP_URL: servers.smtpUrl }),
      PORT: String(instance.port),
    },
    readinessUrl: `http://127.0.0.1:${instance.port}/readiness`,
  };
}

/** Defaults that one service alone has a use for. */
function defaultsOf(service: ServiceName, options: StackOptions): NodeJS.ProcessEnv {
  if (service === "web") {
    return {
      SAMPLE_USERS: "alice@example.com,bob@example.com",
      // Without them each file of the page is a trace of one span.
      TRACEBRIDGE_SAMPLING_RULES: "apps/web/sampling-rules.json",
    };
  }
  if (service === "mailer") return { PAGE_URL: pageUrl(options) };
  return {};
}

/** Where a browser on this machine finds the page. */
export function pageUrl(options: StackOptions): string {
  return `http://localhost:${options.ports.web}`;
}
