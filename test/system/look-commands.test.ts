import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import { claimPort } from "../../packages/embedded/src/ports.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder, waitForStatus } from "./orders.ts";

let stack: OrderStack;
beforeAll(async () => {
  stack = await startOrderStack();
});
afterAll(() => stack.stop());

/** Runs a command whose reader has gone before it prints anything, as `head` is after its last line. */
async function runUnread(command: string, args: string[] = []): Promise<{ code: unknown; stderr: string }> {
  const node = ["--conditions=tracebridge-source", `apps/stack/src/${command}-command.ts`, ...args];
  const { mongoUrl, amqpUrl } = stack.servers;
  const env = { ...process.env, MONGO_URL: mongoUrl, AMQP_URL: amqpUrl };
  const child = spawn(process.execPath, node, { cwd: workspaceRoot, env });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  child.stdout.destroy();
  const [code] = await once(child, "close");
  return { code, stderr };
}

async function run(command: "database" | "queues", args: string[], env: NodeJS.ProcessEnv) {
  const main = `apps/stack/src/${command}-command.ts`;
  const options = { cwd: workspaceRoot, env: { ...process.env, ...env } };
  return promisify(execFile)(process.execPath, [main, ...args], options);
}

describe("npm run database", () => {
  it("prints what each service has of an order", async () => {
    const id = randomUUID();
    await postOrder(stack, { id });
    await waitForStatus(stack, id, "finished");
    for (const service of ["web", "order", "factory"]) {
      const { stdout } = await run("database", [service, id], { MONGO_URL: stack.servers.mongoUrl });
      expect(stdout).toContain(`${service}.${service === "factory" ? "item" : "order"}: 1 documents`);
      expect(stdout).toContain(`"id":"${id}","status":"finished"`);
    }
  });

  it("says what to check when there is no database at the address", async () => {
    const url = `mongodb://127.0.0.1:${await claimPort()}`;
    await expect(run("database", ["web"], { MONGO_URL: url })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Is MONGO_URL right") as string,
    });
  });

  it("says how it is used", async () => {
    await expect(run("database", ["compare"], { MONGO_URL: stack.servers.mongoUrl })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("npm run database -- <web|order|factory|mailer>") as string,
    });
  });
});

describe.each(["database", "queues"] as const)("npm run %s -- --help", (command) => {
  it("prints how it is used", async () => {
    const { stdout } = await run(command, ["--help"], {});
    expect(stdout).toContain(`npm run ${command}`);
  });
});

it.each([
  ["database", ["web"]],
  ["database", ["--help"]],
  ["queues", []],
  ["doctor", []],
])("npm run %s %s ends without a word when nobody reads on", async (command, args) => {
  await postOrder(stack, { id: randomUUID() });
  expect(await runUnread(command, args)).toEqual({ code: 0, stderr: "" });
});

describe("npm run queues", () => {
  it("counts what waits, and the dead letters", async () => {
    const id = randomUUID();
    await postOrder(stack, { id, fail: "always" });
    await waitForStatus(stack, id, "failed");
    const { stdout } = await run("queues", [], { AMQP_URL: stack.servers.amqpUrl });
    expect(stdout).toMatch(/^factory +0 waiting, 1 consumers$/m);
    expect(stdout).toMatch(/^factory\.dead +1 waiting, 0 consumers$/m);
    expect(stdout.trim().split("\n")).toHaveLength(12);
  });

  it("says what to check when there is no broker at the address", async () => {
    const url = `amqp://127.0.0.1:${await claimPort()}`;
    await expect(run("queues", [], { AMQP_URL: url })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Is AMQP_URL right") as string,
    });
  });
});
