import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import { checkPortsAreFree } from "../../apps/stack/src/ports.ts";
import type { ReceivedMail } from "../../packages/embedded/src/index.ts";
import { readUntil } from "./eventually.ts";
import { startByNpm, type NpmStart } from "./npm-start.ts";

const run = promisify(execFile);

describe("npm start", () => {
  let started: NpmStart | undefined;
  afterEach(() => started?.destroy());

  it("runs an order whose trace npm run trace prints, and leaves nothing behind after Ctrl-C", async () => {
    started = await startByNpm();
    await started.waitForLine(/^Tracebridge is ready/);
    const web = `http://127.0.0.1:${started.ports.web}`;
    const page = await fetch(`${web}/`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<div id=")]);
    await fetch(`${web}/order`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "from-npm-start" }),
    });
    const status = async (): Promise<string> =>
      ((await (await fetch(`${web}/order/from-npm-start`)).json()) as { status: string }).status;
    expect(await readUntil(status, (now) => now === "finished", 20_000)).toBe("finished");

    const printed = await readUntil(
      () => printTrace(started?.ports.compare ?? 0),
      (text) => (text.match(/23 spans in 3 services/g) ?? []).length === 2,
      15_000,
    );
    expect(printed).toMatch(/Sentry[\s\S]*process factory[\s\S]*OTLP[\s\S]*process factory/);

    const pids = started.lines.flatMap((line) => /started, pid (\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect(pids).toHaveLength(6);
    started.pressCtrlC();
    // npm ends by the signal itself; what counts is that the stack came to its end.
    await started.exited;
    expect(started.lines.at(-1)).toMatch(/^stack .*stopped$/);
    await checkPortsAreFree(started.ports);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("names the pages of password and mails, and a reset leads to a mail whose link sets a new password", async () => {
    started = await startByNpm({ OTEL_SDK_DISABLED: "true" });
    await started.waitForLine(/^Tracebridge is ready/);
    const { ports } = started;
    const web = `http://localhost:${ports.web}`;
    const banner = stripVTControlCharacters(started.lines.join("\n"));
    expect(banner).toMatch(new RegExp(`^ {2}New password +${web}/reset-password$`, "m"));
    expect(banner).toMatch(new RegExp(`^ {2}Mails +http://localhost:${ports.mails}$`, "m"));

    const asked = await postJson(`${web}/users/reset-password`, { email: "alice@example.com" });
    expect([asked.status, await asked.json()]).toEqual([200, { message: "Password reset email sent" }]);
    const [mail] = await readUntil(
      () => readMails(ports.mails),
      (mails) => mails.length > 0,
      20_000,
    );
    expect(mail?.to).toEqual(["alice@example.com"]);
    const link = new RegExp(`${web}/reset-password#token=(\\S+)`).exec(mail?.text ?? "");
    const done = await postJson(`${web}/users/reset-password/complete`, {
      token: link?.[1],
      password: "correct horse battery staple",
    });
    expect(done.status).toBe(200);
  });

  it("leaves nothing behind either when it is killed itself", async () => {
    started = await startByNpm({ OTEL_SDK_DISABLED: "true" });
    await started.waitForLine(/^Tracebridge is ready/);
    const pids = started.lines.flatMap((line) => /started, pid (\d+)/.exec(line)?.[1] ?? []).map(Number);
    started.kill();
    await started.exited;
    const alive = await readUntil(
      () => Promise.resolve(pids.filter(isAlive)),
      (left) => left.length === 0,
      20_000,
    );
    expect(alive).toEqual([]);
  });

  it("ends in order, without a word, when nobody reads on what it prints", async () => {
    started = await startByNpm({ OTEL_SDK_DISABLED: "true" });
    await started.waitForLine(/started, pid \d+/);
    const read = started.lines.length;
    started.stopReading();
    expect(await started.exited).toBe(0);
    expect(started.lines.slice(read).filter((line) => /EPIPE|Error/.test(line))).toEqual([]);
    await checkPortsAreFree(started.ports);
  });

  it("names a busy port, its variable and the way out", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    try {
      started = await startByNpm({ WEB_PORT: port });
      expect(await started.exited).toBe(1);
      expect(started.lines.join("\n")).toContain(`WEB_PORT=${port}`);
      expect(started.lines.join("\n")).toMatch(/Fix: /);
    } finally {
      other.close();
    }
  });

  it("says which service crashed, with its last lines, and ends the others", async () => {
    started = await startByNpm({ OTEL_SDK_DISABLED: "true" });
    await started.waitForLine(/^Tracebridge is ready/);
    const line = await started.waitForLine(/^factory .*started, pid \d+/);
    process.kill(Number(/pid (\d+)/.exec(line)?.[1]), "SIGKILL");
    expect(await started.exited).toBe(1);
    expect(started.lines.join("\n")).toContain("factory was ended by SIGKILL though nobody asked it to.");
    await checkPortsAreFree(started.ports);
  });

  it("says which variable of a service is wrong", async () => {
    started = await startByNpm({ FACTORY_DELAY_MILLIS: "soon" });
    expect(await started.exited).toBe(1);
    expect(started.lines.join("\n")).toMatch(/FACTORY_DELAY_MILLIS.*soon/);
  });
});

function postJson(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

async function readMails(port: number): Promise<ReceivedMail[]> {
  return (await (await fetch(`http://localhost:${port}/api/mails`)).json()) as ReceivedMail[];
}

async function printTrace(comparePort: number): Promise<string> {
  const { stdout } = await run("npm", ["run", "trace", "--silent", "--", "from-npm-start"], {
    cwd: workspaceRoot,
    env: { ...process.env, COMPARE_URL: `http://127.0.0.1:${comparePort}` },
  }).catch((error: unknown) => ({ stdout: String(error) }));
  return stdout;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
