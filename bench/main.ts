import { parseArgs } from "node:util";
import { benchPages } from "./pages.ts";
import { benchReceivers } from "./receivers.ts";
import { writeResults } from "./results.ts";

/** How long and how hard a bench works. */
export interface BenchOptions {
  quick: boolean;
  rate?: number;
  seconds?: number;
}

interface Bench {
  description: string;
  /** Returns its section of RESULTS.md; throws when what it shows does not hold. */
  run(options: BenchOptions): Promise<string>;
}

const benches: Record<string, Bench> = {
  pages: {
    description: "a trace of 10,000 spans on each side is opened in Chromium: when is it painted",
    run: benchPages,
  },
  receivers: {
    description:
      "compare receives 5,000 spans a second for 60 s, half as Sentry envelopes, half as OTLP, and keeps all",
    run: benchReceivers,
  },
};

const usage = `npm run bench -- <name> [--quick] [--rate <spans a second>] [--seconds <n>]

${Object.entries(benches)
  .map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`)
  .join("\n")}

  --quick      a short run at a low rate, to try it; writes no figures
  --help       this text

A run of full length at the full rate replaces its section of bench/RESULTS.md. Exit code 0: what the bench shows holds;
1: it does not; 2: it could not run.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [name = ""] = positionals;
  const bench = benches[name];
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (!bench || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const options = { quick: values.quick, rate: readCount(values.rate), seconds: readCount(values.seconds) };
  try {
    const section = await bench.run(options);
    process.stdout.write(`${section}\n`);
    const isFull = !options.quick && options.rate === undefined && options.seconds === undefined;
    if (isFull) await writeResults(name, section);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readCount(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.max(1, Math.trunc(Number(text)) || 1);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        rate: { type: "string" },
        seconds: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
