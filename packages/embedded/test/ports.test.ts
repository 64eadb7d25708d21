import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { startBroker } from "../src/index.ts";
import { claimPort, isPortFree } from "../src/ports.ts";

const moduleUrl = new URL("../src/ports.ts", import.meta.url).href;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Claims ports in a process that lives until the end of the test. */
async function claimInProcess(count: number): Promise<number[]> {
  const script = `
    import { claimPort } from ${JSON.stringify(moduleUrl)};
    const ports = await Promise.all(Array.from({ length: ${count} }, claimPort));
    process.stdout.write(JSON.stringify(ports));
    process.stdout.end();
    process.stdin.resume();
  `;
  const args = ["--input-type=module", "--eval", script];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  ends.push(() => {
    const exit = once(child, "exit");
    child.stdin.end();
    return exit;
  });
  return JSON.parse(await text(child.stdout)) as number[];
}

test("no port is claimed twice, by whatever process", async () => {
  const ports = (await Promise.all([200, 200, 200].map(claimInProcess))).flat();
  expect(ports).toHaveLength(600);
  expect(new Set(ports).size).toBe(600);
});

test("a claimed port is free to listen on, and is none that the kernel gives to others", async () => {
  const port = await claimPort();
  expect(port).toBeLessThan(32_768);
  expect(await isPortFree(port)).toBe(true);
  const broker = await startBroker({ port });
  ends.push(() => broker.close());
  expect(await isPortFree(port)).toBe(false);
});

test("a claim keeps no process alive", async () => {
  const script = `import { claimPort } from ${JSON.stringify(moduleUrl)}; await claimPort();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([0, null]);
});
