import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import { runCommand } from "./run-command.ts";

export type Settings = Record<string, string>;

/** The real docker-compose.yaml, run by an engine of the test's own, with ports that `npm start` does not use. */
export interface ComposeStack {
  engine: Engine;
  urls: { web: string; compare: string; jaeger: string; otlp: string; mails: string };
  /** Runs `docker compose …` with .env as it was last written. */
  compose(...args: string[]): Promise<string>;
  /** Writes .env anew: .env.example, the test's ports, and `settings`. */
  configure(settings: Settings): Promise<void>;
  /** Starts what is not as .env says, and waits until all is healthy. */
  up(...args: string[]): Promise<void>;
}

const repository = fileURLToPath(new URL("../../", import.meta.url));
const ports = { web: "28006", compare: "28007", jaeger: "28686", otlp: "28318", mails: "28825" };
const portSettings: Settings = {
  WEB_PORT: ports.web,
  ORDER_PORT: "28005",
  MAILER_PORT: "28003",
  COMPARE_PORT: ports.compare,
  MAILS_PORT: ports.mails,
  FACTORY_PORTS: "28010-28019",
  WEB_DB_PORT: "28002",
  ORDER_DB_PORT: "28001",
  FACTORY_DB_PORT: "28000",
  MAILER_DB_PORT: "28009",
  RABBITMQ_UI_PORT: "28672",
  JAEGER_PORT: ports.jaeger,
  OTLP_PORT: ports.otlp,
};
const healthyWithinSeconds = "300";

export function createComposeStack(engine: Engine, folder: string): ComposeStack {
  const envFile = join(folder, "test.env");
  // Nothing of the caller's environment: its OTEL_ and SENTRY_ variables would go before .env.
  const environment = Object.entries(process.env).filter(([name]) => !["PATH", "HOME"].includes(name));
  const env = { ...Object.fromEntries(environment.map(([name]) => [name, undefined])), ...engine.env };
  const compose = (...args: string[]): Promise<string> =>
    runCommand(engine.compose, ["--project-name", "tracebridge-test", "--env-file", envFile, ...args], {
      cwd: repository,
      env,
    });
  const url = (port: string): string => `http://127.0.0.1:${port}`;
  return {
    engine,
    urls: {
      web: url(ports.web),
      compare: url(ports.compare),
      jaeger: url(ports.jaeger),
      otlp: url(ports.otlp),
      mails: url(ports.mails),
    },
    compose,
    configure: async (settings) => {
      const example = await readFile(join(repository, ".env.example"), "utf8");
      const all = { ...portSettings, ...settings };
      const kept = example.split("\n").filter((line) => !Object.hasOwn(all, line.split("=")[0] ?? ""));
      const added = Object.entries(all).map(([name, value]) => `${name}=${value}`);
      await writeFile(envFile, [...kept, ...added, ""].join("\n"));
    },
    up: async (...args) => {
      await compose(
        "up",
        "--no-build",
        "--detach",
        "--wait",
        "--wait-timeout",
        healthyWithinSeconds,
        ...args,
      );
    },
  };
}

/** Removes containers, networks and volumes. */
export async function removeStack(stack: ComposeStack): Promise<void> {
  await stack.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5");
}

/** Names of the services that stay; one-shot ones and the load generator are left out. */
export async function listServices(stack: ComposeStack): Promise<string[]> {
  const names = await stack.compose("ps", "--services", "--status", "running");
  return names.split("\n").filter((name) => name !== "");
}
