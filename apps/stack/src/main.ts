import { onClosedPipe } from "@tracebridge/compare/closed-pipe";
import { StackError, readStackOptions, usage } from "./options.ts";
import { describeStack } from "./banner.ts";
import { readableLine, writeLine } from "./output.ts";
import { buildPages } from "./pages.ts";
import { needsMailServer } from "./plan.ts";
import { checkPortsAreFree } from "./ports.ts";
import { createStack } from "./stack.ts";

/** Ctrl-C, a signal, or nobody left to read. */
const interruption = Symbol("interruption");
const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(usage);
} else {
  process.exitCode = await run().catch((error: unknown) => {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    return 1;
  });
  // Nothing may be left that keeps the stack alive once its children have ended.
  process.exit();
}

async function run(): Promise<number> {
  const options = readStackOptions(args, process.env);
  const interrupted = waitForInterrupt();
  await checkPortsAreFree({
    WEB_PORT: options.ports.web,
    ORDER_PORT: options.ports.order,
    FACTORY_PORT: options.ports.factory,
    MAILER_PORT: options.ports.mailer,
    COMPARE_PORT: options.ports.compare,
    ...(needsMailServer(options) && { SMTP_PORT: options.ports.smtp, MAILS_PORT: options.ports.mails }),
  });
  const stack = createStack((name, line) => writeLine(name, readableLine(line)));
  try {
    writeLine("stack", "building the pages, starting the servers, the receivers and the services");
    const ready = Promise.all([stack.start(options, process.env), buildPages()]);
    const outcome = await Promise.race([ready, interrupted]);
    if (outcome === interruption) return 0;
    process.stdout.write(`${describeStack(options, outcome[0], process.env)}\n`);
    const crash = await Promise.race([interrupted, stack.crashed]);
    if (crash === interruption) return 0;
    throw new StackError(crash);
  } finally {
    writeLine("stack", "stopping everything");
    await stack.stop();
    writeLine("stack", "stopped");
  }
}

function waitForInterrupt(): Promise<typeof interruption> {
  return new Promise((resolve) => {
    const interrupt = (): void => resolve(interruption);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
    onClosedPipe(interrupt);
  });
}
