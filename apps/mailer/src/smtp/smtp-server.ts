/** Where mails are handed over, in nodemailer's words. */
export interface SmtpServer {
  host: string;
  port: number;
  /** Encrypted from the first byte; otherwise as soon as the server offers it. */
  secure: boolean;
  auth?: { user: string; pass: string };
}

/** Message submission with STARTTLS and with TLS: https://www.rfc-editor.org/rfc/rfc8314#section-7 */
const defaultPorts = { plain: 587, secure: 465 };

/** Whether `readSmtpServer` can read it. */
export function isSmtpUrl(url: string): boolean {
  try {
    return readSmtpServer(url).host !== "";
  } catch {
    return false; // no URL, or a "%" in user or password that stands for nothing
  }
}

/** @param url `smtp://` or `smtps://`, with user and password where the server wants them */
export function readSmtpServer(url: string): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  return {
    // Without the brackets of an IPv6 address.
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port) || (secure ? defaultPorts.secure : defaultPorts.plain),
    secure,
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}
