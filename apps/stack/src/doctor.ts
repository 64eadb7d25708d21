import { describeDrops, examine, type Examination } from "@tracebridge/telemetry/doctor";
import type { TelemetryStats } from "@tracebridge/telemetry";
import { examineMailServer } from "./examine-mail-server.ts";
import { serviceNames, type ServiceName, type StackOptions } from "./options.ts";
import { planService } from "./plan.ts";

const timeoutMillis = 3_000;
interface Health {
  telemetry: TelemetryStats | "off";
}

/** Looks at the telemetry set-up the stack gives its services, and at the services that run. */
export async function* examineStack(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  directory: string,
): AsyncGenerator<Examination> {
  const services = await Promise.all(
    serviceNames.map(async (name) => examineService(name, options.ports[name])),
  );
  const servers = {
    amqpUrl: options.amqpUrl ?? "",
    mongoUrl: options.mongoUrl ?? "",
    smtpUrl: options.smtpUrl ?? "",
  };
  const plan = planService("web", { number: 1, port: options.ports.web }, options, servers, env);
  const isRunning = services.some(({ isAnswering }) => isAnswering);
  // Its receivers are back ends too: nobody can answer there while it does not run.
  yield* examine(plan.env, directory, { triesBackEnds: isRunning });
  if (isRunning) yield* [...services, await examineMailServer(options)];
  else yield { subject: "stack", findings: ["It does not run. Start it with npm start, and ask again."] };
}

async function examineService(
  name: ServiceName,
  port: number,
): Promise<Examination & { isAnswering: boolean }> {
  const subject = `${name} at port ${port}`;
  try {
    const health = await readJson(port, "/health");
    if (!isHealth(health)) return { subject, isAnswering: true, findings: [describeStranger(name, port)] };
    const readiness = await readJson(port, "/readiness");
    const findings = [...describeReadiness(name, readiness), ...describeBooks(name, health)];
    return { subject, isAnswering: true, findings };
  } catch {
    const findings = [`${name} does not answer at port ${port}. See what npm start says about it.`];
    return { subject, isAnswering: false, findings };
  }
}

async function readJson(port: number, path: string): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMillis);
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal });
  return response.json().catch(() => undefined);
}

function isHealth(body: unknown): body is Health {
  return typeof body === "object" && body !== null && "telemetry" in body;
}

function describeStranger(name: ServiceName, port: number): string {
  const variable = `${name.toUpperCase()}_PORT`;
  return `Another program answers at port ${port}. End it, or give ${name} another port with ${variable}.`;
}

function describeReadiness(name: ServiceName, body: unknown): string[] {
  const readiness = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return [
    ...(readiness["database"] === "up"
      ? []
      : [`${name} has no database. Check MONGO_URL and the database's log.`]),
    ...(readiness["broker"] === "up" ? [] : [`${name} has no broker. Check AMQP_URL and the broker's log.`]),
  ];
}

/** What the service itself says became of its telemetry. */
function describeBooks(name: ServiceName, { telemetry }: Health): string[] {
  if (telemetry === "off") return [];
  const { spans, logs, sentry, unaccounted } = telemetry;
  const sinks = [
    ...Object.entries(spans.sinks).map(([sink, stats]) => ({ items: "spans", sink, stats })),
    ...Object.entries(logs.sinks).map(([sink, stats]) => ({ items: "log records", sink, stats })),
    ...(sentry ? [{ items: "spans", sink: "sentry", stats: sentry.spans }] : []),
    ...(sentry ? [{ items: "errors", sink: "sentry", stats: sentry.errors }] : []),
  ];
  const losses = sinks.flatMap(({ items, sink, stats }) => {
    const drops = describeDrops(stats);
    return drops === undefined ? [] : [`${name} lost ${items} for ${sink}: ${drops}. See docs/errors.md.`];
  });
  const unknown = `${name} lost count of ${unaccounted} items, which is a defect of telemetry. Please report it.`;
  return unaccounted === 0 ? losses : [...losses, unknown];
}
