/** What nodemailer tells of a failure, as far as it names nobody. https://nodemailer.com/errors */
interface SmtpFailure {
  /** For example `ETIMEDOUT`. */
  code: string;
  /** The server's reply code, if it replied: 4xx means for now, 5xx for good. */
  responseCode: number | undefined;
  /** Its enhanced status code, for example `5.1.1`: https://www.rfc-editor.org/rfc/rfc3463 */
  statusCode: string | undefined;
  /** The SMTP command that failed, for example `RCPT TO`. */
  command: string | undefined;
}

/** The commands that are about one mail. A refusal before them (greeting, login) is about all of them, and passes. */
const commandsOfMail: readonly (string | undefined)[] = ["MAIL FROM", "RCPT TO", "DATA"];
/** "Bad sequence of commands": about the session. https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3 */
const badSequence = 503;

/**
 * A mail was not handed over, or it is unknown whether it was. The server's own words are not kept, neither here nor
 * as the cause: they name the recipient.
 */
export class SmtpError extends Error {
  override readonly name = "SmtpError";
  /** Whether trying again cannot help: the server refused this very mail with a 5xx. */
  readonly isPermanent: boolean;
  /** The reply code, else nodemailer's code; for `error.type`. */
  readonly type: string;

  constructor({ code, responseCode, statusCode, command }: SmtpFailure) {
    const step = command === undefined ? "" : ` at ${command}`;
    const reply = [responseCode, statusCode].filter((part) => part !== undefined).join(" ");
    super(
      responseCode === undefined
        ? `the mail was not handed over: ${code}${step}`
        : `the SMTP server refused the mail: ${reply}${step}`,
    );
    this.isPermanent =
      responseCode !== undefined &&
      responseCode >= 500 &&
      responseCode !== badSequence &&
      commandsOfMail.includes(command);
    this.type = responseCode === undefined ? code : String(responseCode);
  }
}

/** Makes an error without addresses of what nodemailer threw. */
export function readSmtpError(error: unknown): SmtpError {
  const found: Record<string, unknown> = typeof error === "object" && error !== null ? { ...error } : {};
  const { code, responseCode, response, command } = found;
  return new SmtpError({
    code: typeof code === "string" && /^[A-Z_]{1,40}$/.test(code) ? code : "UNKNOWN",
    responseCode: typeof responseCode === "number" && responseCode > 0 ? responseCode : undefined,
    statusCode:
      typeof response === "string" ? /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined,
    command: typeof command === "string" && /^[A-Z0-9 -]{1,20}$/.test(command) ? command : undefined,
  });
}
