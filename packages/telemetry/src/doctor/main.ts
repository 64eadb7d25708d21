#!/usr/bin/env node
import { examine } from "./examine.ts";
import type { Examination } from "./examine.ts";
import { describeResult, reportExaminations } from "./report.ts";

const usage = `tracebridge-doctor [--send-error]

Looks at what a service in this folder, with this environment, needs to send telemetry, tries its back ends, and says
what is wrong and how to put it right.

  --send-error   also sends one error to Sentry and waits until Sentry has confirmed it
  --help         this text

Exit code: 0 nothing is wrong, 1 something is, 2 the arguments cannot be used.
`;

// `npx tracebridge-doctor | head` ends the pipe early; that is no failure. (The commands of this repository have one home for
// it, in apps/compare; this program leaves the repository.)
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const args = process.argv.slice(2);
const unknown = args.find((arg) => !["--send-error", "--help"].includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`Unknown argument "${unknown}".\n\n${usage}`);
  process.exitCode = 2;
} else if (args.includes("--help")) {
  process.stdout.write(usage);
} else {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const findings = await reportExaminations(examineAll(), print);
  print(`\n${describeResult(findings)}`);
  process.exitCode = findings === 0 ? 0 : 1;
}

async function* examineAll(): AsyncGenerator<Examination> {
  yield* examine(process.env, process.cwd());
  if (!args.includes("--send-error")) return;
  try {
    const { sendVerificationError } = await import("./verification.ts");
    yield { subject: "verification error", findings: await sendVerificationError(process.env) };
  } catch {
    yield { subject: "verification error", findings: ["It cannot be sent: telemetry could not be loaded."] };
  }
}
