import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { recorded, sendRecording } from "../apps/compare/test/recorded-order.ts";
import { claimPort } from "../packages/embedded/src/ports.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const { orderId } = recorded["order-finished"];

interface Workflow {
  jobs: Record<string, { env?: Record<string, string>; steps: { name?: string; run?: string }[] }>;
}

const page = readFileSync(join(root, "docs/ci.md"), "utf8");
const [, source = ""] = /```yaml\n(# \.github\/workflows\/traces\.yaml\n.*?)```/s.exec(page) ?? [];
const job = (parse(source) as Workflow).jobs["same-story"];

function readStep(name: string): string {
  const run = job?.steps.find((step) => step.name === name)?.run;
  if (run === undefined) throw new Error(`docs/ci.md has no step "${name}" with a run line`);
  return run;
}

describe("the workflow of docs/ci.md", () => {
  let temporary: string;
  let port: number;
  let groups: number[];
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), "ci-recipe-"));
    port = await claimPort();
    groups = [];
  });
  afterEach(async () => {
    for (const group of groups) {
      try {
        process.kill(-group, "SIGKILL");
      } catch {
        // All of it has ended.
      }
    }
    await rm(temporary, { recursive: true });
  });

  /** Runs a step as a runner does, with the job's variables; what it leaves in the background lives on. */
  async function run(name: string): Promise<{ code: number | null; output: string }> {
    const child = spawn("bash", ["-e", "-c", readStep(name).replaceAll("ci-7", orderId)], {
      cwd: root,
      detached: true,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        ...job?.env,
        COMPARE_PORT: String(port),
        RUNNER_TEMP: temporary,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) groups.push(child.pid);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (output += String(chunk)));
    const [code] = (await once(child, "exit")) as [number | null];
    return { code, output };
  }

  it("passes when both back ends tell the same", async () => {
    expect(await run("Start compare")).toMatchObject({ code: 0 });
    await sendRecording(`http://localhost:${port}`, "order-finished");
    expect(await run("Compare")).toEqual({ code: 0, output: "" });
    expect(JSON.parse(await readFile(join(temporary, "comparison.json"), "utf8"))).toMatchObject({
      verdict: "equal",
      left: { spans: 23 },
      right: { spans: 23 },
    });
  });

  it("fails with the span and both its names when one back end has another name", async () => {
    expect(await run("Start compare")).toMatchObject({ code: 0 });
    await sendRecording(`http://localhost:${port}`, "order-finished", {
      change: (span) => (span.name === "send factory" ? { ...span, name: "send factories" } : span),
    });
    const { code, output } = await run("Compare");
    expect(code).toBe(1);
    expect(output).toMatch(/send factory.*send factories/s);
    expect(JSON.parse(await readFile(join(temporary, "comparison.json"), "utf8"))).toMatchObject({
      verdict: "different",
      counts: { unexplained: 1 },
    });
  });
});
