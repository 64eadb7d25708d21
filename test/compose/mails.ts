import { randomBytes } from "node:crypto";
import { readUntil } from "../system/eventually.ts";
import type { ComposeStack } from "./stack.ts";

/** As much of a mail as Mailpit's API tells. https://mailpit.axllent.org/docs/api-v1/ */
export interface Mail {
  ID: string;
  MessageID: string;
  To: { Address: string }[];
  Subject: string;
}

/** Asks web to reset a password, in a trace that begins here. @returns the trace's id */
export async function askForReset(stack: ComposeStack, email: string): Promise<string> {
  const traceId = randomBytes(16).toString("hex");
  const traceparent = `00-${traceId}-${randomBytes(8).toString("hex")}-01`;
  const response = await post(`${stack.urls.web}/users/reset-password`, { email }, { traceparent });
  if (!response.ok) throw new Error(`web answered ${response.status}: ${await response.text()}`);
  return traceId;
}

/** Mails that Mailpit has for an address, as soon as there is one. */
export function awaitMails(stack: ComposeStack, email: string): Promise<Mail[]> {
  return readUntil(
    async () => {
      const { messages } = await readJson<{ messages: Mail[] }>(`${stack.urls.mails}/api/v1/messages`);
      return messages.filter(({ To }) => To.some(({ Address }) => Address === email));
    },
    (mails) => mails.length > 0,
    30_000,
  );
}

/** Follows the link of a mail, and sets a password. @returns the status of web's answer */
export async function followLink(stack: ComposeStack, mail: Mail): Promise<number> {
  const { Text } = await readJson<{ Text: string }>(`${stack.urls.mails}/api/v1/message/${mail.ID}`);
  const [, origin, token] = /(https?:\/\/\S+)\/reset-password#token=(\S+)/.exec(Text) ?? [];
  if (origin === undefined) throw new Error("the mail has no link");
  const body = { token, password: randomBytes(16).toString("hex") };
  return (await post(`${origin}/users/reset-password/complete`, body)).status;
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

async function readJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}
