import { connect } from "node:net";
import { createTransport } from "nodemailer";
import { describe, expect, onTestFinished, test } from "vitest";
import { startMailServer } from "../../src/index.ts";
import { openMailServer, send } from "./open-mail-server.ts";

const refusalOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => "accepted",
    (error: unknown) => (error instanceof Error && "responseCode" in error ? error.responseCode : error),
  );

describe("what is received", () => {
  test("is kept as it was meant, with the addresses of the envelope", async () => {
    const server = await openMailServer();
    await send(server, {
      to: ["b@example.com", "c@example.com"],
      subject: "Grüße",
      text: "one\n.\ntwo ✓",
      html: "<p>ü</p>",
      messageId: "<m-1@example.com>",
    });
    const [mail] = server.mails();
    expect(mail).toMatchObject({
      id: 1,
      from: "a@example.com",
      to: ["b@example.com", "c@example.com"],
      subject: "Grüße",
      messageId: "<m-1@example.com>",
      text: "one\n.\ntwo ✓\n",
      html: expect.stringContaining("<p>ü</p>"),
    });
    expect(Date.parse(mail?.receivedAt ?? "")).toBeLessThanOrEqual(Date.now());
  });

  test("comes newest first, and only the last hundred are kept", async () => {
    const server = await openMailServer();
    const transport = createTransport({ url: server.smtpUrl, pool: true });
    for (let number = 1; number <= 103; number += 1) {
      await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: String(number) });
    }
    transport.close();
    const subjects = server.mails().map(({ subject }) => subject);
    expect([subjects.length, subjects[0], subjects.at(-1)]).toEqual([100, "103", "4"]);
  });

  test("is the same for programs, at /api/mails", async () => {
    const server = await openMailServer();
    await send(server, { text: "hello", messageId: "<m-1@example.com>" });
    const answer = await fetch(`${server.pageUrl}/api/mails`);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.json()).toEqual(server.mails());
  });

  test("is bounded: a mail of a megabyte and one for 101 people are refused", async () => {
    const server = await openMailServer();
    const host = new URL(server.smtpUrl);
    // Without the size the client would refuse by itself, as the server has told its limit.
    expect(
      await talk(host, [
        "MAIL FROM:<a@example.com>",
        "RCPT TO:<b@example.com>",
        "DATA",
        "x".repeat(1_000_000) + "\r\n.",
      ]),
    ).toMatch(/^552 /m);
    const everybody = Array.from({ length: 101 }, (_, index) => `RCPT TO:<p${index}@example.com>`);
    expect(await talk(host, ["MAIL FROM:<a@example.com>", ...everybody])).toMatch(/^452 /m);
    expect(server.mails()).toEqual([]);
  });
});

/** Says each line when the one before is answered, and returns the server's words. */
function talk({ hostname, port }: URL, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const rest = ["EHLO test", ...lines, "QUIT"];
    let heard = "";
    const socket = connect(Number(port), hostname);
    socket.once("error", reject);
    socket.once("close", () => resolve(heard));
    socket.on("data", (chunk) => {
      heard += String(chunk);
      // The last line of an answer has a space after its code.
      if (/^\d{3} .*\r\n$/m.test(String(chunk))) socket.write(`${rest.shift() ?? "NOOP"}\r\n`);
    });
  });
}

describe("a server that is told to refuse", () => {
  test.each([
    { at: "connect", code: 421 },
    { at: "sender", code: 451 },
    { at: "recipient", code: 550 },
    { at: "message", code: 554 },
  ] as const)(
    "refuses at the $at with $code, keeps nothing, and accepts again when told so",
    async (refusal) => {
      const server = await openMailServer();
      server.refuse(refusal);
      expect(await refusalOf(send(server))).toBe(refusal.code);
      expect(server.mails()).toEqual([]);
      server.refuse();
      expect(await refusalOf(send(server))).toBe("accepted");
      expect(server.mails()).toHaveLength(1);
    },
  );
});

describe("its ports", () => {
  test("that are taken are an error, and nothing stays behind", async () => {
    const server = await openMailServer();
    const [smtpPort, httpPort] = [server.smtpUrl, server.pageUrl].map((url) => Number(new URL(url).port));
    await expect(startMailServer({ smtpPort })).rejects.toMatchObject({ code: "EADDRINUSE", port: smtpPort });
    await expect(startMailServer({ httpPort })).rejects.toMatchObject({ code: "EADDRINUSE", port: httpPort });
  });

  test("are free again when it has stopped, also with clients that stay", async () => {
    const server = await startMailServer();
    const { port } = new URL(server.smtpUrl);
    const client = connect(Number(port), "127.0.0.1");
    await new Promise((resolve) => client.once("data", resolve));
    await server.stop();
    client.destroy();
    const next = await startMailServer({ smtpPort: Number(port) });
    onTestFinished(() => next.stop());
    expect(new URL(next.smtpUrl).port).toBe(port);
  });
});
