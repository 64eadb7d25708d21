import { afterEach, expect, test } from "vitest";
import {
  readStatus,
  startServiceProcess,
  type ServiceProcess,
} from "../../../packages/service/test/support/service-process.ts";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";

const started: ServiceProcess[] = [];

function start(env: NodeJS.ProcessEnv): ServiceProcess {
  const mailer = startServiceProcess("mailer", env);
  started.push(mailer);
  return mailer;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((mailer) => mailer.stop()));
});

test("without its variables mailer says what to set and ends with 1", async () => {
  const mailer = start({ RESET_TOKEN_SECRET: "" });
  expect(await mailer.exited).toEqual({ code: 1, signal: null });
  const names = mailer
    .text()
    .split("\n")
    .map((line) => line.split(" ")[0]);
  expect(names).toEqual(["AMQP_URL", "MONGO_URL", "SMTP_URL", "PAGE_URL", "RESET_TOKEN_SECRET"]);
});

test("mailer lives and is not ready while its servers are away, and never logs a password or the secret", async () => {
  const secret = "secret-secret-secret-secret-secret";
  const mailer = start({
    AMQP_URL: "amqp://guest:secret@127.0.0.1:1",
    MONGO_URL: "mongodb://u:secret@127.0.0.1:1",
    SMTP_URL: "smtp://u:secret@127.0.0.1:1",
    PAGE_URL: "http://localhost:8006",
    RESET_TOKEN_SECRET: secret,
  });
  const url = await mailer.url();
  await waitUntil(
    "a try at each server",
    () => mailer.lines.map((line) => line["msg"]),
    (texts) =>
      ["The broker is away; trying again", "The database is away; trying again"].every((text) =>
        texts.includes(text),
      ),
  );
  expect(await readStatus(`${url}/health`)).toBe(200);
  expect(await readStatus(`${url}/readiness`)).toBe(503);
  expect(await readStatus(`${url}/mails`)).toBe(404);
  expect(await mailer.stop()).toEqual({ code: 0, signal: null });
  expect(JSON.stringify(mailer.lines) + mailer.text()).not.toContain("secret");
});
