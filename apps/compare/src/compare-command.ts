import { writeTrace, type TraceComparison } from "@tracebridge/comparison";
import { CommandError } from "./command/command-error.ts";
import { compareNow, compareWhenComplete } from "./command/compare-now.ts";
import { openSources, type SourcePair } from "./command/compare-sources.ts";
import { readCompareUrl } from "./command/compare-url.ts";
import { compareUsage } from "./command/compare-usage.ts";
import type { Compared } from "./command/compared.ts";
import { formatJson } from "./command/format-value.ts";
import { readPrintOptions } from "./command/paint.ts";
import { printComparison } from "./command/print-comparison.ts";
import { printOtherTraces } from "./command/print-other-traces.ts";
import { readCompareArguments, type CompareRequest } from "./command/read-compare-arguments.ts";
import { runCommand } from "./command/run-command.ts";
import { describeUnknown, describeVerdict, readExitCode } from "./command/verdict.ts";
import { watch, type Look } from "./command/watch.ts";
import { createComparisonDocument } from "./trace/comparison-document.ts";
import { formatTime } from "./trace/format.ts";

await runCommand(run);

async function run(): Promise<number> {
  const request = readCompareArguments(process.argv.slice(2));
  if (!request) {
    process.stdout.write(compareUsage);
    return 0;
  }
  const sources = openSources(request, process.env);
  if (request.watch) return watchTrace(request, sources);
  const compared = await compareWhenComplete(request, sources, () =>
    tellOnTerminal(`Waiting up to ${request.waitMillis / 1000} s for what may still be on its way …`),
  );
  if (!compared) throw new CommandError(2, describeUnknown(request.id, sources, request.waitMillis));
  if (request.exportFormat !== undefined) {
    process.stdout.write(writeTrace(compared.left, request.exportFormat));
    return 0;
  }
  const look = lookAt(compared, request, sources);
  print(look);
  if (request.json && look.exitCode === 2) {
    process.stderr.write(`${describeVerdict(compared.comparison, sources).join("\n")}\n`);
  }
  return look.exitCode;
}

async function watchTrace(request: CompareRequest, sources: SourcePair): Promise<number> {
  const ended = new AbortController();
  // Once: the second Ctrl-C is for those who do not want to wait for an answer under way.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ended.abort());
  tellOnTerminal("Watching; Ctrl-C ends it.");
  let isFirst = true;
  return watch({
    signal: ended.signal,
    look: async () => {
      const compared = await compareNow(request, sources);
      if (!compared) throw new CommandError(2, describeUnknown(request.id, sources, 0));
      return lookAt(compared, request, sources);
    },
    print: (look) => {
      if (!isFirst && !request.json) process.stdout.write(`\n── ${formatTime(Date.now())} ──\n\n`);
      isFirst = false;
      print(look);
    },
    onFailure: (error) => {
      if (!(error instanceof CommandError)) throw error;
      process.stderr.write(`${error.message}\n`);
    },
  });
}

function lookAt(compared: Compared, request: CompareRequest, sources: SourcePair): Look {
  return {
    text: request.json
      ? writeJson(compared.comparison, request.watch)
      : printComparison(compared, sources, {
          ...readPrintOptions(process.stdout, process.env),
          all: request.all,
          compareUrl: readCompareUrl(process.env),
        }) + `\n${printOtherTraces("compare", request.id, compared.otherTraceIds)}`,
    exitCode: readExitCode(compared.comparison),
  };
}

/** One document; of several, which `--watch` makes, each is a line. */
function writeJson(comparison: TraceComparison, isLine: boolean): string {
  return `${formatJson(createComparisonDocument(comparison), isLine ? undefined : 2)}\n`;
}

function print({ text, exitCode }: Look): void {
  // Before the text: whoever reads only its start gets the whole answer here.
  process.exitCode = exitCode;
  process.stdout.write(text);
}

function tellOnTerminal(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
