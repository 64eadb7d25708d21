import { describeAllowed } from "../src/config/row.ts";
import type { Row } from "../src/config/row.ts";
import { variableGroups } from "../src/config/variables.ts";

const intro = `# Configuration

Every variable that \`@tracebridge/telemetry\` reads. This page is generated from the table in
\`packages/telemetry/src/config\`, and a test fails when the two differ.

- An empty value counts as unset. \`"false"\` is false.
- A value that is not allowed is told once on standard error (variable, value, what is allowed, what is used instead),
  and the service runs on. Values of secret variables are never shown.
- Errors go to Sentry whenever there is a \`SENTRY_DSN\`; \`OTEL_TRACES_EXPORTER\` governs spans only and
  \`OTEL_LOGS_EXPORTER\` logs only.
`;

/** The text of docs/configuration.md. */
export function renderConfigurationDocument(): string {
  const sections = variableGroups.map(
    (group) => `## ${group.title}\n\n${group.rows.map(renderRow).join("\n")}`,
  );
  return [intro, ...sections].join("\n");
}

function renderRow(row: Row): string {
  const lines = [
    `### \`${row.name}\`\n`,
    `${row.description}\n`,
    `- Type: ${row.type}${row.secret === true ? ", secret" : ""}`,
    `- Default: ${renderDefault(row)}`,
    `- Allowed: ${describeAllowed(row)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function renderDefault(row: Row): string {
  if (row.default !== "") return `\`${row.default}\``;
  return row.defaultRule ?? "none";
}
