import { createHash } from "node:crypto";
import escapeHtml from "escape-html";
import { linkText } from "./link-text.ts";
import type { ReceivedMail } from "./received-mail.ts";

const style = `
:root { color-scheme: light dark; --text: #1b1f2a; --soft: #566072; --line: #d5dae4; --page: #f5f6fa; --card: #fff; --link: #4338ca; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaf0; --soft: #a3acbd; --line: #323949; --page: #11141b; --card: #1a1e28; --link: #a5b0ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 48rem; background: var(--page); color: var(--text);
  font: 100%/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 0 0 0.5rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.soft, dt { color: var(--soft); }
article { margin-top: 1rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 0.75rem; margin: 0 0 0.75rem; font-size: 0.9rem; }
dd { margin: 0; }
article > p { margin: 1rem 0 0; }
pre { margin: 0; padding-top: 0.75rem; border-top: 1px solid var(--line); font: inherit; white-space: pre-wrap; }
`;

/** Nothing is loaded and nothing runs; only this very style is applied. https://www.w3.org/TR/CSP3/ */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * For the HTML of a mail, which is a stranger's: it may look as it likes, and open a link when one is clicked. It is
 * of no origin and runs nothing.
 */
export const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
].join("; ");

/** The page of all mails. */
export function renderMailPage(mails: readonly ReceivedMail[]): string {
  const count = mails.length === 1 ? "1 mail" : `${mails.length} mails`;
  const summary = mails.length === 0 ? "No mail has come in yet." : `${count}, the newest first.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Received mails</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Received mails</h1>
<p class="soft">${summary} <a href="/">Look again</a></p>
</header>
<main>
${mails.map(renderMail).join("\n")}
</main>
</body>
</html>
`;
}

function renderMail(mail: ReceivedMail): string {
  const { id, subject, from, to, receivedAt, messageId, text, html } = mail;
  const htmlLink =
    html === undefined ? "" : `<p><a href="/mails/${id}/html">HTML version of mail ${id}</a></p>`;
  return `<article aria-labelledby="mail-${id}">
<h2 id="mail-${id}">${escapeHtml(subject) || "(no subject)"}</h2>
<dl>
<dt>From</dt><dd>${escapeHtml(from) || "(nobody)"}</dd>
<dt>To</dt><dd>${escapeHtml(to.join(", "))}</dd>
<dt>Received</dt><dd><time datetime="${receivedAt}">${receivedAt.slice(0, 19).replace("T", " ")} UTC</time></dd>
<dt>Message-ID</dt><dd>${escapeHtml(messageId) || "(none)"}</dd>
</dl>
<pre>${linkText(text) || '<span class="soft">(no plain text)</span>'}</pre>
${htmlLink}
</article>`;
}
