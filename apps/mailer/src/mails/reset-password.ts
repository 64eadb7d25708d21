import { createResetToken, type MailMessage } from "@tracebridge/service";
import type { Sender } from "../config.ts";
import type { Mail } from "../smtp/mail-sender.ts";
import escapeHtml from "escape-html";

export interface ResetMailOptions {
  from: Sender;
  /** Without a slash at its end. */
  pageUrl: string;
  tokenSecret: string;
}

const dateFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: "UTC",
});

/** The mail with the link to a new password. */
export function createResetMail(
  { id, to, expiresAt }: MailMessage,
  { from, pageUrl, tokenSecret }: ResetMailOptions,
): Mail {
  // After "#", where no server and no log on the way sees it.
  const link = `${pageUrl}/reset-password#token=${createResetToken(tokenSecret, id)}`;
  const validity = `The link works once, until ${dateFormat.format(new Date(expiresAt))} UTC.`;
  const request = "Somebody, probably you, asked for a new password. Choose it here:";
  const otherwise = "If it was not you, there is nothing to do: your password stays as it is.";
  return {
    messageId: `<reset-password.${id}@${from.address.slice(from.address.lastIndexOf("@") + 1)}>`,
    from,
    to,
    subject: "Your new password",
    text: [request, link, validity, otherwise].join("\n\n"),
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Your new password</title></head>
<body>
<p>${request}</p>
<p><a href="${escapeHtml(link)}">Choose a new password</a></p>
<p>${escapeHtml(validity)}</p>
<p>${otherwise}</p>
</body>
</html>
`,
  };
}
