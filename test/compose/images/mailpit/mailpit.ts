/**
 * The embedded mail server in Mailpit's place, at its ports: `mailpit` receives and shows mails, `mailpit readyz` asks
 * whether it does. Of the API it has the two addresses that the test reads.
 * https://mailpit.axllent.org/docs/api-v1/
 */
import { createServer } from "node:http";
import { startMailServer, type ReceivedMail } from "../../../../packages/embedded/src/index.ts";
import { listenEverywhere } from "../listening/listen-everywhere.ts";

const httpPort = 8025;
const [command] = process.argv.slice(2);
if (command === "readyz") process.exit((await isReady()) ? 0 : 1);

const mailServer = await startMailServer();
listenEverywhere(1025, Number(new URL(mailServer.smtpUrl).port), () =>
  console.log("The stand-in for Mailpit listens on ports 1025 and 8025."),
);
createServer((request, response) => {
  const answer = findAnswer(request.url ?? "/");
  response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { Error: "not in this stand-in" }));
}).listen(httpPort, "0.0.0.0");
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).ok;
  } catch {
    return false;
  }
}

function findAnswer(path: string): unknown {
  const mails = mailServer.mails();
  if (path === "/livez" || path === "/readyz") return "ok";
  if (path === "/api/v1/messages") return { total: mails.length, messages: mails.map(summarize) };
  const id = /^\/api\/v1\/message\/(\d+)$/.exec(path)?.[1];
  const mail = mails.find((one) => String(one.id) === id);
  return mail && { ...summarize(mail), Text: mail.text, HTML: mail.html ?? "" };
}

function summarize({ id, messageId, to, subject }: ReceivedMail) {
  return {
    ID: String(id),
    MessageID: messageId.replace(/^<|>$/g, ""),
    To: to.map((address) => ({ Name: "", Address: address })),
    Subject: subject,
  };
}
