import pc from "picocolors";
import { describeDestinations } from "./destinations.ts";
import type { StackOptions } from "./options.ts";
import { needsMailServer, pageUrl, type ServerUrls } from "./plan.ts";

/** What a newcomer needs to know once everything runs. The last line is the one that scripts wait for. */
export function describeStack(options: StackOptions, servers: ServerUrls, env: NodeJS.ProcessEnv): string {
  const page = pageUrl(options);
  const mails = needsMailServer(options) ? `http://localhost:${options.ports.mails}` : undefined;
  const compare = `http://localhost:${options.ports.compare}`;
  const port = options.ports.compare === 8007 ? "" : `COMPARE_PORT=${options.ports.compare} `;
  const rows: [string, string][] = [
    ["Page", page],
    ["New password", `${page}/reset-password`],
    ["Mails", mails ?? `sent to ${withoutPassword(servers.smtpUrl)}`],
    ["Traces", compare],
    ["Broker", withoutPassword(servers.amqpUrl)],
    ["Database", withoutPassword(servers.mongoUrl)],
    ["Spans go to", describeDestinations(env)],
  ];
  return [
    "",
    ...rows.map(([name, value]) => `  ${pc.bold(name.padEnd(12))} ${value}`),
    "",
    "  What to do next",
    `    1. Open ${page}, press Submit and watch the order become finished (5 to 10 seconds).`,
    `    2. See its one trace as both back ends received it: follow the links on the page,`,
    `       or in a second terminal: ${port}npm run trace -- <order id>`,
    `       Whether both received the same, and why not: ${port}npm run compare -- <order id>`,
    `    3. Reset a password: ${page}/reset-password, for alice@example.com.`,
    `       ${mails ? `The mail is at ${mails}` : "The mail goes out by your SMTP_URL"}, and one trace leads from the click to it.`,
    "    4. Swap the exporters: Ctrl-C, then OTEL_TRACES_EXPORTER=otlp npm start (see README)",
    "",
    `Tracebridge is ready: ${page} (Ctrl-C ends everything)`,
  ].join("\n");
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
