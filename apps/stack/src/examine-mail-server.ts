import { connect } from "node:net";
import type { Examination } from "@tracebridge/telemetry/doctor";
import type { StackOptions } from "./options.ts";

const timeoutMillis = 3_000;
/** Message submission with STARTTLS and with TLS: https://www.rfc-editor.org/rfc/rfc8314#section-7 */
const defaultPorts: Record<string, number> = { "smtp:": 587, "smtps:": 465 };

/** Whether anybody answers where mails are handed over. Mailer is ready without: its messages wait for the mail server. */
export async function examineMailServer(options: StackOptions): Promise<Examination> {
  const url = URL.parse(options.smtpUrl ?? `smtp://127.0.0.1:${options.ports.smtp}`);
  if (!url)
    return {
      subject: "mail server",
      findings: ["SMTP_URL is no URL. Use for example smtp://127.0.0.1:1025."],
    };
  const { hostname, protocol } = url;
  const port = Number(url.port) || (defaultPorts[protocol] ?? 25);
  const problem = await tryToConnect(hostname.replace(/^\[(.*)\]$/, "$1"), port);
  const subject = `mail server at ${hostname}:${port}`;
  if (problem === undefined) return { subject, findings: [] };
  const variable = options.smtpUrl === undefined ? "SMTP_PORT" : "SMTP_URL";
  return { subject, findings: [`Nobody answers at ${hostname}:${port}: ${problem}. Check ${variable}.`] };
}

/** @returns why not, if not */
function tryToConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMillis });
    const end = (problem: string | undefined): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end(`no answer within ${timeoutMillis / 1000} s`));
    socket.once("error", (error) => end("code" in error ? String(error.code) : error.message));
  });
}
