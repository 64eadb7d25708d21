import { readCommandLine, readId } from "./command/command-line.ts";
import { readCompareUrl } from "./command/compare-url.ts";
import { findTraces } from "./command/find-traces.ts";
import { readPrintOptions } from "./command/paint.ts";
import { printOtherTraces } from "./command/print-other-traces.ts";
import { printTrace } from "./command/print-trace.ts";
import { runCommand } from "./command/run-command.ts";

const usage = `npm run trace -- <order id or trace id> [--json]

Prints a trace as two trees: as Sentry received it and as the OTLP back end received it.

  --json    print what is known of the trace as JSON
  --help    this text

COMPARE_URL   where the receivers are (default http://localhost:8007, where npm start puts them)
COMPARE_PORT  their port, where npm start was given another
NO_COLOR      set it for no colours; a pipe never gets any
Exit code 0: printed; 1: nothing is known by that id; 2: could not ask.
`;

const options = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

await runCommand(run);

async function run(): Promise<number> {
  const { values, positionals } = readCommandLine({ options, allowPositionals: true }, usage);
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const id = readId(positionals, usage);
  const { trace, otherTraceIds } = await findTraces(id, process.env);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(trace, null, 2)}\n`);
    return 0;
  }
  process.stdout.write(`${printTrace(trace, readPrintOptions(process.stdout, process.env))}\n`);
  process.stdout.write(printOtherTraces("trace", id, otherTraceIds));
  process.stdout.write(`\nIn the browser: ${readCompareUrl(process.env)}/trace/${trace.traceId}\n`);
  return 0;
}
