import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GetMessage } from "amqplib";
import { createResetToken, mailMessageSchema, type MailMessage } from "@tracebridge/service";
import { drawTrace, findSpans, waitForTrace } from "@tracebridge/telemetry/testing";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";
import "../../../test/trace-matchers.ts";
import { startTracedWeb, type TracedWeb } from "./support/traced-web.ts";

const path = "/users/reset-password";
const secret = "of this test: 0123456789abcdef0123";
/** Nothing else is called like this, in whatever case. */
const email = "Xavier.Quillfeather+reset@Zymurgy-Mail.Example";
const stored = email.toLowerCase();
const namesInAddress = /quillfeather|zymurgy|xavier/i;
let web: TracedWeb;

beforeAll(async () => {
  web = await startTracedWeb({
    SAMPLE_USERS: `bob@example.com, ${email}`,
    RESET_TOKEN_SECRET: secret,
    RESETS_PER_ADDRESS: "1000",
  });
});
afterAll(() => web.close());

async function takeMail(): Promise<{ headers: Record<string, unknown>; mail: MailMessage }> {
  const message: GetMessage = await web.queues.take("mail");
  return {
    headers: message.properties.headers ?? {},
    mail: mailMessageSchema.parse(JSON.parse(message.content.toString())),
  };
}
const linesOf = (traceId: string): Record<string, unknown>[] =>
  web.process.lines.filter((line) => line["trace_id"] === traceId);

describe("a trace", () => {
  test("goes from the request to the mail queue, the same at both back ends", async () => {
    const { traceId } = await web.post(path, { email });
    const { headers } = await takeMail();
    await web.receiver.waitFor("its log line", ({ sentry }) =>
      sentry.logs.some((log) => log.traceId === traceId),
    );
    const trace = await waitForTrace(web.receiver, traceId, { spans: 6, timeoutMillis: 15_000 });
    const draw = (at: "otlp" | "sentry"): string => drawTrace(web.receiver, traceId, { in: at });
    expect(draw("otlp")).toBe(
      [
        "web: server POST /users/reset-password (parent not received)",
        "  web: internal request handler",
        "    web: client find user",
        "    web: client insert passwordReset",
        "    web: client update passwordReset",
        "    web: producer send mail",
      ].join("\n"),
    );
    expect(draw("sentry").replace("internal /users/reset-password", "internal request handler")).toBe(
      draw("otlp"),
    );
    expect(trace).toMatchAcrossBackends();
    const [send] = findSpans(web.receiver, { traceId, name: "send mail", in: "otlp" });
    expect(headers).toMatchObject({
      traceparent: `00-${traceId}-${send?.spanId}-01`,
      "sentry-trace": expect.stringMatching(new RegExp(`^${traceId}-[0-9a-f]{16}-1$`)),
      baggage: expect.stringContaining(`sentry-trace_id=${traceId}`),
    });
  });

  test("of an address that nobody has ends where nothing is sent", async () => {
    const { traceId } = await web.post(path, { email: "nobody@example.com" });
    await waitForTrace(web.receiver, traceId, { spans: 4, timeoutMillis: 15_000 });
    expect(drawTrace(web.receiver, traceId, { in: "otlp" })).toBe(
      [
        "web: server POST /users/reset-password (parent not received)",
        "  web: internal request handler",
        "    web: client find user",
        "    web: client insert passwordReset",
      ].join("\n"),
    );
  });

  test("is on its log lines, with the hash of the address and without the address", async () => {
    const { traceId } = await web.post(path, { email });
    const { mail } = await takeMail();
    const [handler] = await waitUntil(
      "the handler's span",
      () => findSpans(web.receiver, { traceId, name: "request handler", in: "otlp" }),
      (spans) => spans.length > 0,
    );
    expect(linesOf(traceId)).toEqual([
      expect.objectContaining({
        msg: "Password reset requested",
        service: "web",
        trace_id: traceId,
        span_id: handler?.spanId,
        parent_id: handler?.parentSpanId,
        emailHash: expect.stringMatching(/^[0-9a-f]{12}$/),
        resetId: mail.id,
      }),
    ]);
  });

  test("that could not be told to the broker is continued when it is back, each request's by its own mail", async () => {
    web.toBroker.shut();
    await waitUntil("the loss to be noticed", () =>
      web.process.lines.some((line) => line["msg"] === "Lost the broker"),
    );
    const asked = [await web.post(path, { email }), await web.post(path, { email: "bob@example.com" })];
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    web.toBroker.open();
    const sent = [await takeMail(), await takeMail()];
    expect(sent.map(({ mail }) => mail.to)).toEqual([stored, "bob@example.com"]);
    expect(sent.map(({ headers }) => String(headers["traceparent"]).split("-")[1])).toEqual(
      asked.map(({ traceId }) => traceId),
    );
    for (const { traceId } of asked) {
      // The attempt that failed, and the one of the sweeper.
      await waitUntil(
        "the send of the sweeper",
        () => findSpans(web.receiver, { traceId, name: "send mail", in: "otlp" }).length,
        (count) => count > 0,
      );
    }
  });
});

/** Everything that is asked for here, and what goes wrong with it. */
async function askInEveryWay(): Promise<string> {
  await web.post(path, { email });
  const token = createResetToken(secret, (await takeMail()).mail.id);
  await web.post(`${path}/complete`, { token, password: "Vexillology1" });
  for (const body of [
    `{"email":"${email}`,
    `"${email}"`,
    email,
    { email: `${email}\r\nBcc: ${email}` },
    { email: { $gt: email } },
    { email, pad: "x".repeat(20_000) },
    { [email]: email },
  ]) {
    expect((await web.post(path, body)).text).not.toMatch(namesInAddress);
  }
  for (const text of [email, encodeURIComponent(email)]) await web.post(`${path}?email=${text}`, { email });
  web.toBroker.shut();
  expect((await web.post(path, { email })).status).toBe(200);
  web.toDatabase.shut();
  expect((await web.post(path, { email })).status).toBe(503);
  expect((await web.post(`${path}/complete`, { token, password: "Vexillology2" })).status).toBe(503);
  web.toBroker.open();
  web.toDatabase.open();
  return token;
}

test("nothing of an address, a token, a password or the secret is told to anybody, whatever goes wrong", async () => {
  const token = await askInEveryWay();
  const everything = await web.end();
  // Spans, logs and errors of all of it did arrive.
  for (const text of [
    "find user",
    "Message could not be sent",
    "Password set by a reset",
    "the body is not JSON",
  ]) {
    expect(everything).toContain(text);
  }
  expect(web.receiver.sentry.events.length).toBeGreaterThan(0);
  for (const secretText of [namesInAddress.source, token, "vexillology", "of this test: 0123"]) {
    const at = everything.search(new RegExp(secretText, "i"));
    expect(at < 0 ? "" : everything.slice(Math.max(0, at - 200), at + 100)).toBe("");
  }
});
