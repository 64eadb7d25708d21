import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import { startMailServer, type MailServer } from "../../packages/embedded/src/index.ts";
import { compileCache } from "../compile-cache.ts";
import { postOrder, waitForStatus } from "./orders.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";

let stack: OrderStack;
let mailServer: MailServer;

beforeAll(async () => {
  mailServer = await startMailServer();
  stack = await startOrderStack({ instances: { mailer: 1 }, smtpUrl: mailServer.smtpUrl });
  await postOrder(stack, { id: "doctor-1" });
  await waitForStatus(stack, "doctor-1", "finished");
});

afterAll(async () => {
  await stack.stop();
  await mailServer.stop();
});

function portOf(url: string): string {
  return new URL(url).port;
}

function runDoctor(
  env: NodeJS.ProcessEnv = {},
  args: string[] = [],
): Promise<{ code: number; output: string }> {
  const node = ["--conditions=tracebridge-source", "apps/stack/src/doctor-command.ts", ...args];
  const full = {
    ...compileCache,
    PATH: process.env["PATH"],
    WEB_PORT: portOf(stack.urls.web),
    ORDER_PORT: portOf(stack.urls.order),
    FACTORY_PORT: portOf(stack.urls.factory),
    MAILER_PORT: portOf(stack.urls.mailer),
    SMTP_URL: mailServer.smtpUrl,
    SENTRY_DSN: stack.receiver.dsn,
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.receiver.url,
    ...env,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, node, { cwd: workspaceRoot, env: full }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
    );
  });
}

describe("npm run doctor", () => {
  it("finds nothing wrong with a healthy stack", async () => {
    const { code, output } = await runDoctor();
    expect(output).toContain("Nothing is wrong.");
    expect(output).toMatch(/ok {7}factory at port \d+/);
    expect(output).toMatch(/ok {7}mailer at port \d+/);
    expect(code).toBe(0);
  });

  it("says that the stack does not run, and how to start it", async () => {
    const { code, output } = await runDoctor({
      WEB_PORT: "1",
      ORDER_PORT: "1",
      FACTORY_PORT: "1",
      MAILER_PORT: "1",
    });
    expect(output).toContain("It does not run. Start it with npm start");
    expect(code).toBe(1);
  });

  it("tells a service that is gone from a port that another program has", async () => {
    const stranger = createServer((_request, response) => void response.end("hello")).listen(0, "127.0.0.1");
    await new Promise((resolve) => stranger.once("listening", resolve));
    const { port } = stranger.address() as AddressInfo;
    const { code, output } = await runDoctor({ ORDER_PORT: String(port), FACTORY_PORT: "1" });
    stranger.close();
    expect(output).toContain(
      `Another program answers at port ${port}. End it, or give order another port with ORDER_PORT.`,
    );
    expect(output).toContain("factory does not answer at port 1.");
    expect(code).toBe(1);
  });

  it("names the variable of a back end that nobody answers for", async () => {
    const { output } = await runDoctor({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
    expect(output).toMatch(
      /Nobody answers at 127\.0\.0\.1:1: ECONNREFUSED\. Check OTEL_EXPORTER_OTLP_ENDPOINT/,
    );
    expect(output).toContain("2 findings.");
  });

  it("names the variable of a mail server that is not there, which no service tells", async () => {
    const { output } = await runDoctor({ SMTP_URL: "smtp://user:a-password@127.0.0.1:1" });
    expect(output).toContain("Nobody answers at 127.0.0.1:1: ECONNREFUSED. Check SMTP_URL.");
    expect(output).toContain("1 finding.");
    expect(output).not.toContain("a-password");
  });

  it("explains itself, and refuses what it cannot use", async () => {
    expect((await runDoctor({}, ["--help"])).output).toContain("npm run doctor");
    expect(await runDoctor({ WEB_PORT: "x" })).toMatchObject({
      code: 2,
      output: expect.stringContaining("WEB_PORT"),
    });
  });
});
