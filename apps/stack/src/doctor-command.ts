import { onClosedPipe } from "@tracebridge/compare/closed-pipe";
import { describeResult, reportExaminations } from "@tracebridge/telemetry/doctor";
import { workspaceRoot } from "./child.ts";
import { examineStack } from "./doctor.ts";
import { readStackOptions, StackError } from "./options.ts";

const usage = `npm run doctor

Looks at the telemetry set-up of the order stack and at its running services, tries the back ends, and says what is wrong
and how to put it right. It reads the same variables as npm start. Exit code 0: nothing is wrong, 1: something is.

A service of your own: npx tracebridge-doctor, in its folder and with its variables.
`;

onClosedPipe();
const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(usage);
} else {
  try {
    const examinations = examineStack(readStackOptions(args, process.env), process.env, workspaceRoot);
    const findings = await reportExaminations(examinations, (line) => void process.stdout.write(`${line}\n`));
    process.stdout.write(`\n${describeResult(findings)}\n`);
    process.exitCode = findings === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
