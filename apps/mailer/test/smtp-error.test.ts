import { expect, test } from "vitest";
import { readSmtpError } from "../src/smtp/smtp-error.ts";

test.each([
  { responseCode: 550, command: "RCPT TO", isPermanent: true },
  { responseCode: 552, command: "DATA", isPermanent: true },
  { responseCode: 553, command: "MAIL FROM", isPermanent: true },
  { responseCode: 451, command: "RCPT TO", isPermanent: false },
  { responseCode: 421, command: "DATA", isPermanent: false },
  { responseCode: 503, command: "RCPT TO", isPermanent: false },
  { responseCode: 535, command: "AUTH PLAIN", isPermanent: false },
  { responseCode: 554, command: "CONN", isPermanent: false },
])("$responseCode at $command is for good: $isPermanent", ({ responseCode, command, isPermanent }) => {
  const error = readSmtpError(Object.assign(new Error("x"), { code: "E", responseCode, command }));
  expect(error).toMatchObject({ isPermanent, type: String(responseCode) });
});

test.each([
  [undefined, "the mail was not handed over: UNKNOWN"],
  ["text", "the mail was not handed over: UNKNOWN"],
  [
    { code: "alice@example.com", command: "RCPT TO:<alice@example.com>" },
    "the mail was not handed over: UNKNOWN",
  ],
  [{ code: "ETIMEDOUT", command: "CONN" }, "the mail was not handed over: ETIMEDOUT at CONN"],
  [
    { code: "EENVELOPE", responseCode: 550, response: "550-5.1.1 alice@example.com", command: "RCPT TO" },
    "the SMTP server refused the mail: 550 5.1.1 at RCPT TO",
  ],
])("of %j it keeps: %s", (thrown, message) => {
  expect(readSmtpError(thrown).message).toBe(message);
});
