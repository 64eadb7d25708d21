import type { TraceFormat } from "@tracebridge/comparison";
import { isTraceId } from "../sources/trace-id.ts";
import { CommandError } from "./command-error.ts";
import { readCommandLine, readId } from "./command-line.ts";
import { compareUsage } from "./compare-usage.ts";

/** What the command line asks for. */
export interface CompareRequest {
  /** A trace id in small letters, or anything that traces are searched by. */
  id: string;
  isTraceId: boolean;
  /** Names of sources. */
  left: string;
  right: string;
  json: boolean;
  watch: boolean;
  /** Explained differences are printed each. */
  all: boolean;
  exportFormat?: TraceFormat;
  toleranceMillis?: number;
  waitMillis: number;
}

const exportFormats: readonly TraceFormat[] = ["otlp", "jaeger-v1", "jaeger-v3", "sentry", "sentry-api"];
const options = {
  left: { type: "string" },
  right: { type: "string" },
  json: { type: "boolean" },
  watch: { type: "boolean" },
  all: { type: "boolean" },
  export: { type: "string" },
  tolerance: { type: "string" },
  wait: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
const maxToleranceMillis = 3_600_000;
const maxWaitSeconds = 3600;
const defaultWaitSeconds = 10;

/**
 * @returns undefined when the usage is asked for
 * @throws CommandError when the arguments cannot be meant
 */
export function readCompareArguments(args: readonly string[]): CompareRequest | undefined {
  const { values, positionals } = readCommandLine(
    { args: [...args], options, allowPositionals: true },
    compareUsage,
  );
  if (values.help) return undefined;
  const id = readId(positionals, compareUsage);
  const { left = "local:sentry", json = false, watch = false, all = false } = values;
  const exportFormat = readFormat(values.export);
  // What is exported is left's alone.
  const right = exportFormat === undefined ? (values.right ?? "local:otlp") : left;
  if (exportFormat !== undefined && (json || watch))
    throw new CommandError(2, "--export writes a trace and compares nothing: leave out --json and --watch.");
  const isId = isTraceId(id);
  if (/^0{32}$/.test(id)) throw new CommandError(2, "A trace id of zeros alone is none: give a valid one.");
  const tolerance = readNumber("--tolerance", "milliseconds", values.tolerance, maxToleranceMillis);
  const wait = readNumber("--wait", "seconds", values.wait, maxWaitSeconds) ?? defaultWaitSeconds;
  return {
    id: isId ? id.toLowerCase() : id,
    isTraceId: isId,
    left,
    right,
    json,
    watch,
    all,
    ...(exportFormat === undefined ? {} : { exportFormat }),
    ...(tolerance === undefined ? {} : { toleranceMillis: tolerance }),
    waitMillis: wait * 1000,
  };
}

function readFormat(text: string | undefined): TraceFormat | undefined {
  if (text === undefined) return undefined;
  const format = exportFormats.find((name) => name === text);
  if (format === undefined)
    throw new CommandError(2, `--export ${JSON.stringify(text)}: give one of ${exportFormats.join(", ")}.`);
  return format;
}

function readNumber(option: string, unit: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number <= max) return number;
  throw new CommandError(
    2,
    `${option} ${JSON.stringify(text)}: give ${unit} from 0 to ${max}, such as 5 or 0.5.`,
  );
}
