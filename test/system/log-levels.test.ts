import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startReceiver } from "@tracebridge/receivers";
import { describe, expect, it } from "vitest";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import { compileCache } from "../compile-cache.ts";

const run = promisify(execFile);
const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const program = `
import { createLogger } from "@tracebridge/telemetry/logger";
const logger = createLogger({ name: "speaker", level: "trace" });
for (const level of ${JSON.stringify(levels)}) logger[level]({ orderId: "alice" }, "said " + level);
`;

describe("a service's logger", () => {
  it("has six levels: as JSON lines, as OpenTelemetry log records and as Sentry logs", async () => {
    const receiver = await startReceiver();
    const { stdout } = await run(
      process.execPath,
      [
        "--conditions=tracebridge-source",
        "--import",
        "@tracebridge/telemetry/register",
        "--input-type=module",
        "--eval",
        program,
      ],
      {
        cwd: `${workspaceRoot}apps/web`,
        env: {
          ...compileCache,
          PATH: process.env["PATH"],
          OTEL_SERVICE_NAME: "speaker",
          SENTRY_DSN: receiver.dsn,
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        },
      },
    );
    await receiver.close();
    const lines = stdout
      .split("\n")
      .filter((line) => line.includes('"msg":"said '))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line["level"])).toEqual([10, 20, 30, 40, 50, 60]);
    for (const line of lines) expect(line).toMatchObject({ service: "speaker", orderId: "alice" });

    const said = levels.map((level) => `said ${level}`);
    // https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
    expect(receiver.otlp.logs.map((log) => log.severityNumber)).toEqual([1, 5, 9, 13, 17, 21]);
    expect(receiver.otlp.logs.map((log) => log.body)).toEqual(said);
    expect(receiver.sentry.logs.map((log) => log.level)).toEqual([...levels]);
    expect(receiver.sentry.logs.map((log) => log.body)).toEqual(said);
  });
});
