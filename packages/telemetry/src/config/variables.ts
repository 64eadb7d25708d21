import { browserVariables } from "./browser-variables.ts";
import { logLevelNames } from "./choices.ts";
import { limitVariables } from "./limit-variables.ts";
import { otlpVariables } from "./otlp-variables.ts";
import type { Row } from "./row.ts";
import { sentryVariables } from "./sentry-variables.ts";
import { logVariables, traceVariables } from "./signal-variables.ts";

const general = [
  {
    name: "OTEL_SDK_DISABLED",
    type: "boolean",
    default: "false",
    description: "Switches all telemetry off: nothing is loaded, nothing is sent, the code runs as it is.",
  },
  {
    name: "OTEL_SERVICE_NAME",
    type: "text",
    default: "unknown_service:node",
    description: "Name of the service; wins over `service.name` in OTEL_RESOURCE_ATTRIBUTES.",
  },
  {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    type: "pairs",
    default: "",
    // Not meant to hold any, but it may: a warning must not repeat it.
    secret: true,
    description: "What describes the service: `service.version=1.2.3,deployment.environment.name=staging`.",
  },
  {
    name: "OTEL_LOG_LEVEL",
    type: "choice",
    choices: logLevelNames,
    default: "warn",
    description: "How much telemetry says about itself on standard error.",
  },
] as const satisfies readonly Row[];

/** Every variable this package reads, in the order docs/configuration.md lists them. */
export const variableGroups = [
  { title: "General", rows: general },
  { title: "Traces", rows: traceVariables },
  { title: "Logs", rows: logVariables },
  { title: "OTLP", rows: otlpVariables },
  { title: "Limits", rows: limitVariables },
  { title: "Sentry and Tracebridge", rows: sentryVariables },
  { title: "Pages in browsers", rows: browserVariables },
] as const satisfies readonly { title: string; rows: readonly Row[] }[];

export type VariableName = (typeof variableGroups)[number]["rows"][number]["name"];

const rows: ReadonlyMap<string, Row> = new Map(
  variableGroups.flatMap((group) => group.rows.map((row): [string, Row] => [row.name, row])),
);

export function getRow(name: VariableName): Row {
  const row = rows.get(name);
  if (!row) throw new Error(`The variable ${name} is not in the table`);
  return row;
}

/** The names of all variables, to tell which messages of a library are about one of them. */
export const variableNames: readonly string[] = [...rows.keys()];
