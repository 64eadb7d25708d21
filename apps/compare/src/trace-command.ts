import { parseArgs } from "node:util";
import { CommandError, findTraces } from "./command/find-traces.ts";
import { printTrace } from "./command/print-trace.ts";
import { formatCount } from "./trace/format.ts";

const usage = `npm run trace -- <order id or trace id> [--json]

Prints a trace as two trees: as Sentry received it and as the OTLP back end received it.

  --json    print what is known of the trace as JSON
  --help    this text

COMPARE_URL   where the receivers are (default http://localhost:8007, where npm start puts them)
COMPARE_PORT  their port, where npm start was given another
NO_COLOR      set it for no colours; a pipe never gets any
Exit code 0: printed; 1: nothing is known by that id; 2: could not ask.
`;

const maxOthers = 5;
/** Columns of a pipe or a file: nothing but monsters is cut there. */
const pipeWidth = 160;

// `npm run trace -- alice | head` ends the pipe early; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

async function run(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new CommandError(2, `Give one order id or trace id.\n\n${usage}`);
  const compareUrl = process.env["COMPARE_URL"] || `http://localhost:${process.env["COMPARE_PORT"] || 8007}`;
  const { trace, otherTraceIds } = await findTraces(id, compareUrl);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(trace, null, 2)}\n`);
    return 0;
  }
  const colours = process.stdout.isTTY && !process.env["NO_COLOR"];
  const width = process.stdout.columns ?? pipeWidth;
  process.stdout.write(`${printTrace(trace, { colours, width })}\n`);
  if (otherTraceIds.length > 0) {
    const others = formatCount(otherTraceIds.length, "smaller trace");
    process.stdout.write(`\n${id} is also in ${others}, such as requests that only asked for its status:\n`);
    for (const other of otherTraceIds.slice(0, maxOthers)) {
      process.stdout.write(`  npm run trace -- ${other}\n`);
    }
    if (otherTraceIds.length > maxOthers) process.stdout.write("  …\n");
  }
  process.stdout.write(`\nIn the browser: ${compareUrl}/trace/${trace.traceId}\n`);
  return 0;
}

function readArguments() {
  try {
    return parseArgs({
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new CommandError(2, `${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
