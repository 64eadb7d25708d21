import { parseArgs } from "node:util";
import { benchBundle } from "./bundle.ts";
import { benchExpress } from "./express.ts";
import { benchFlatness } from "./flatness.ts";
import { benchIsolation } from "./isolation.ts";
import { benchMemory } from "./memory.ts";
import { benchOrders } from "./orders.ts";
import { benchPages } from "./pages.ts";
import { choosesAllPeers } from "./peers.ts";
import { benchReceivers } from "./receivers.ts";
import { writeResults } from "./results.ts";

/** How long and how hard a bench works. */
export interface BenchOptions {
  quick: boolean;
  rate?: number;
  seconds?: number;
  /** A checkout of this repository to measure as `before-…` in the same run. */
  before?: string;
  /** Comma list of the peers to run; all without it. */
  only?: string;
  /** Profiles one peer instead of measuring. */
  profile: boolean;
  /** The figures of this run are kept, and its plot is. */
  full: boolean;
}

interface Bench {
  description: string;
  /** Returns its section of RESULTS.md; throws when what it shows does not hold. */
  run(options: BenchOptions): Promise<string>;
}

const benches: Record<string, Bench> = {
  bundle: {
    description: "what telemetry adds to what a page downloads, ours beside other SDKs",
    run: benchBundle,
  },
  express: {
    description:
      "an Express service that calls one leaf: CPU a request and bytes a trace, ours beside other peers",
    run: benchExpress,
  },
  flatness: {
    description:
      "cost by spans a trace and by traces at a time; what traces leave behind; the heap over 10 minutes",
    run: benchFlatness,
  },
  isolation: {
    description: "spans and nothing else: CPU a span, ours beside other peers, with and without a network",
    run: benchIsolation,
  },
  memory: {
    description:
      "memory under a burst of 100,000 spans, and with both back ends hung; what becomes of the spans",
    run: benchMemory,
  },
  orders: {
    description:
      "the order flow of this repository: orders a second, CPU an order, added latency, ours beside other peers",
    run: benchOrders,
  },
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

const usage = `npm run bench -- [<name>] [--quick] [--only <peer,peer>] [--before <checkout>] [--profile]
                 [--rate <spans a second>] [--seconds <n>]

Without a name: all of them, one after the other.

${Object.entries(benches)
  .map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`)
  .join("\n")}

  --quick               a short run at a low rate, to try it; writes no figures
  --only <peer,peer>    only these peers, where a bench has peers (bench/peers.ts); writes figures only if none is left out
  --before <checkout>   beside them this package as another checkout has it (after npm ci there)
  --profile             express, isolation, orders: a CPU profile of the one peer of --only into bench/profiles/, and where its time goes
  --rate, --seconds     receivers: other than 5,000 spans a second for 60 s; writes no figures
  --help                this text

A run of all peers, with or without those of --before, at full length and rate replaces its section of bench/RESULTS.md.
Exit code 0: what the bench shows holds; 1: it does not; 2: it could not run. bench/README.md says what each bench measures
and how to read it.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  if (positionals.length > 1 || names.some((name) => !Object.hasOwn(benches, name))) {
    process.stderr.write(usage);
    return 2;
  }
  const options = readOptions(values);
  let code = 0;
  for (const name of names) code = Math.max(code, await runBench(name, options));
  return code;
}

async function runBench(name: string, options: BenchOptions): Promise<number> {
  try {
    const section = await benches[name]?.run(options);
    if (section === undefined) return 2;
    process.stdout.write(`## ${name}\n\n${section}\n\n`);
    if (options.full) await writeResults(name, section);
    return 0;
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readOptions(values: ReturnType<typeof readArguments>["values"]): BenchOptions {
  const { quick, only, before, profile } = values;
  const rate = readCount(values.rate);
  const seconds = readCount(values.seconds);
  const full = !quick && !profile && rate === undefined && seconds === undefined && choosesAllPeers(only);
  return { quick, rate, seconds, only, before, profile, full };
}

function readCount(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.max(1, Math.trunc(Number(text)) || 1);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        before: { type: "string" },
        profile: { type: "boolean", default: false },
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
