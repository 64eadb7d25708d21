import { inspect } from "node:util";
import pc from "picocolors";

type Paint = (text: string) => string;

const paints: Record<string, Paint> = {
  web: pc.cyan,
  order: pc.green,
  factory: pc.magenta,
  mailer: pc.red,
  compare: pc.blue,
  embedded: pc.yellow,
  page: pc.white,
};
const levels: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};
const nameWidth = 10;
/** Fields that every line has, or that the line already shows elsewhere. */
const hidden = new Set([
  "level",
  "time",
  "pid",
  "hostname",
  "msg",
  "service",
  "span_id",
  "trace_flags",
  "err",
  "error",
  // The books of telemetry are long; `/health` and the JSON lines have them.
  "stats",
]);

/** Writes `text` line by line, each line behind the coloured name of the process it came from. */
export function writeLine(name: string, text: string): void {
  const paint = paints[name.replace(/\.\d+$/, "")] ?? pc.white;
  const prefix = paint(`${name.padEnd(nameWidth)} | `);
  for (const line of text.split("\n")) process.stdout.write(`${prefix}${line}\n`);
}

/** One line of a child's output made readable: a JSON log line becomes time, level, text and its own fields. */
export function readableLine(line: string): string {
  const record = parseRecord(line);
  if (!record) return line;
  const level = levels[Number(record["level"])] ?? readText(record["level"]).toUpperCase();
  const time =
    typeof record["time"] === "number" ? new Date(record["time"]) : new Date(readText(record["time"]));
  const clock = Number.isNaN(time.getTime()) ? "" : `${pc.dim(time.toISOString().slice(11, 23))} `;
  const fields = Object.entries(record)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => pc.dim(`${key}=${readText(value)}`));
  const failure = readFailure(record["err"] ?? record["error"]);
  const head = `${clock}${paintLevel(level)} ${readText(record["msg"] ?? "")}`;
  return [[head, ...fields].join(" "), ...failure].join("\n");
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return "level" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity, depth: 6 });
}

function readFailure(error: unknown): string[] {
  if (error === undefined || error === null) return [];
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  return [pc.dim(readText(stack ?? message ?? error))];
}

function paintLevel(level: string): string {
  const padded = level.padEnd(5);
  if (level === "ERROR" || level === "FATAL") return pc.red(padded);
  return level === "WARN" ? pc.yellow(padded) : pc.dim(padded);
}
