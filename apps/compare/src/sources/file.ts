import { createReadStream } from "node:fs";
import { basename } from "node:path";
import {
  FormatError,
  readTraces,
  type AttributeValue,
  type Trace,
  type TraceFormat,
  type TracesRead,
} from "@tracebridge/comparison";
import { defaultLimits, formatSize } from "./fetch-json.ts";
import { SourceError, type TraceSource } from "./source.ts";
import { isTraceId, readTraceId } from "./trace-id.ts";

export interface FileSourceOptions {
  /** The largest file, in bytes. */
  maxBytes?: number;
  /** What `-` means. */
  standardInput?: AsyncIterable<Uint8Array>;
  /** Told once of what cannot be read in the file; the rest is. */
  warn?: (message: string) => void;
}

/**
 * A file in any format that `readTraces` knows, read anew for each question; `-` is standard input, read once.
 *
 * @param path what follows `file:`
 */
export function openFileSource(path: string, options: FileSourceOptions = {}): TraceSource {
  const name = `file:${path}`;
  let format: TraceFormat = "otlp";
  let standardInput: Promise<Uint8Array> | undefined;
  const { warn = writeWarning } = options;
  const warned = new Set<string>();
  const read = async (traceId?: string): Promise<TracesRead> => {
    const bytes = path === "-" ? (standardInput ??= readBytes(path, options)) : readBytes(path, options);
    const found = readContent(name, await bytes, traceId);
    format = found.format;
    const warning = describeSkipped(name, found);
    if (warning !== undefined && !warned.has(warning)) warn(warning);
    warned.add(warning ?? "");
    return found;
  };
  return {
    name,
    label: path === "-" ? "standard input" : basename(path),
    /** Of what was read last. */
    get format() {
      return format;
    },
    readTrace: async (id) => {
      const traceId = readTraceId(id);
      return (await read(traceId)).traces.get(traceId);
    },
    findTraceIds: async (query, limit) => {
      const text = query.trim();
      const { traces } = await read(isTraceId(text) ? text : undefined);
      return findIds([...traces.values()], text).slice(0, limit);
    },
  };
}

async function readBytes(path: string, options: FileSourceOptions): Promise<Uint8Array> {
  const { maxBytes = defaultLimits.maxBytes, standardInput = process.stdin } = options;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of path === "-"
      ? standardInput
      : (createReadStream(path) as AsyncIterable<Buffer>)) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new SourceError(
          "TOO_LARGE",
          `file:${path} has more than ${formatSize(maxBytes)}, which is not read.`,
        );
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new SourceError(
      "FILE_UNREADABLE",
      `file:${path} cannot be read (${reason}). Is the path right, and may you read it?`,
      { cause },
    );
  }
  return Buffer.concat(chunks);
}

function readContent(name: string, bytes: Uint8Array, traceId: string | undefined): TracesRead {
  try {
    return readTraces(bytes, { traceId });
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SourceError("FILE_UNREADABLE", `${name} cannot be read. ${cause.message}`, { cause });
  }
}

function describeSkipped(name: string, { skipped }: TracesRead): string | undefined {
  if (skipped.length === 0) return undefined;
  return `${name}: left out ${skipped.map(({ reason, count }) => `${count} × ${reason}`).join(", ")}`;
}

function writeWarning(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** By id, or by the value of an attribute, alone or as `name=value`; the largest trace first. */
function findIds(traces: readonly Trace[], query: string): string[] {
  return traces
    .filter((trace) => trace.traceId === query.toLowerCase() || hasValue(trace, query))
    .toSorted((a, b) => b.spans.length - a.spans.length)
    .map(({ traceId }) => traceId);
}

function hasValue({ spans, errors, logs }: Trace, query: string): boolean {
  const values = [...spans, ...logs].map(({ attributes }) => attributes);
  return [...values, ...errors.map(({ tags }) => tags)].some((attributes) =>
    Object.entries(attributes).some(([key, value]) =>
      [value]
        .flat()
        .map(writeText)
        .some((text) => text === query || `${key}=${text}` === query),
    ),
  );
}

/** As people write it. */
function writeText(value: AttributeValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
