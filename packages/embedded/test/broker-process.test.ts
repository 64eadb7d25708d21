import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { connect } from "amqplib";
import { afterEach, describe, expect, it } from "vitest";
import { createBench } from "./broker-client.ts";

const bench = createBench();
const mainPath = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const indexUrl = new URL("../src/broker/index.ts", import.meta.url).href;
const amqplibUrl = import.meta.resolve("amqplib");
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, EMBEDDED_SERVERS: "amqp", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  return child;
}

async function readLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no standard output");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return line;
}

describe("the embedded servers as a child process", () => {
  it("say when they listen, on both ways, and end on SIGTERM", async () => {
    const child = start([mainPath], { EMBEDDED_SERVERS: "amqp,mongo,smtp" });
    const message = once(child, "message");
    const line = JSON.parse(await readLine(child)) as Record<string, string>;
    expect(line).toMatchObject({
      ready: true,
      mongoUrl: expect.stringMatching(/^mongodb:\/\/127\.0\.0\.1:\d+$/),
      smtpUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    });
    expect((await message)[0]).toEqual({
      type: "ready",
      amqpUrl: line["amqpUrl"],
      mongoUrl: line["mongoUrl"],
      smtpUrl: line["smtpUrl"],
      mailsUrl: line["mailsUrl"],
    });
    expect(await (await fetch(`${line["mailsUrl"]}/api/mails`)).json()).toEqual([]);
    const connection = await connect(line["amqpUrl"] ?? "");
    connection.on("error", () => undefined);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.for(["SIGINT", "disconnect"] as const)("end on %s", async (reason) => {
    const child = start([mainPath]);
    await readLine(child);
    const exit = once(child, "exit");
    if (reason === "disconnect") child.disconnect();
    else child.kill(reason);
    expect(await exit).toEqual([0, null]);
  });

  it("name the variable of a port that is in use", async () => {
    const { port } = await bench.start();
    const child = start([mainPath], { EMBEDDED_AMQP_PORT: String(port) });
    const exit = once(child, "exit");
    if (child.stderr === null) throw new Error("no standard error");
    expect(await text(child.stderr)).toBe(
      `Port ${port} is in use: set EMBEDDED_AMQP_PORT to a free one, or to 0 for any.\n`,
    );
    expect(await exit).toEqual([1, null]);
  });

  it("name the variable of the second port of a server, too", async () => {
    const { port } = await bench.start();
    const child = start([mainPath], { EMBEDDED_SERVERS: "smtp", EMBEDDED_MAILS_PORT: String(port) });
    const exit = once(child, "exit");
    if (child.stderr === null) throw new Error("no standard error");
    expect(await text(child.stderr)).toContain(`Port ${port} is in use: set EMBEDDED_MAILS_PORT`);
    expect(await exit).toEqual([1, null]);
  });
});

describe("a broker that was closed", () => {
  it("leaves nothing behind that keeps the process alive", async () => {
    const script = `
      const { startBroker } = await import(${JSON.stringify(indexUrl)});
      const { connect } = await import(${JSON.stringify(amqplibUrl)});
      const broker = await startBroker();
      const connection = await connect(broker.url + "?heartbeat=1");
      connection.on("error", () => undefined);
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue("q", { messageTtl: 3_600_000, expires: 3_600_000 });
      await channel.consume("q", () => undefined);
      channel.sendToQueue("q", Buffer.from("x"), { expiration: 1_000_000 });
      await channel.waitForConfirms();
      await broker.close();
      process.disconnect?.();
    `;
    const child = start(["--input-type=module", "--eval", script]);
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
