import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import { compileCache } from "../../../test/compile-cache.ts";

const locate = (fixture: string): string => fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));

/** Makes a program the first process of a PID namespace of its own, as containers do; Linux only. */
const asFirstProcess = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"] as const;
const [unshare, ...unshareOptions] = asFirstProcess;
const canUnshare = spawnSync(unshare, [...unshareOptions, "true"]).status === 0;

/** Starts the fixture, sends it `signal` as soon as it waits, and says what arrived and how it ended. */
async function tellToEnd(
  signal: NodeJS.Signals,
  env: Record<string, string> = {},
  start = "@tracebridge/telemetry/register",
) {
  const receiver = await startReceiver();
  const child = spawn(
    process.execPath,
    ["--conditions=tracebridge-source", "--import", start, locate("told-to-end.ts")],
    {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      // No timer of the batch processors comes first: only a flush sends the span.
      env: {
        ...compileCache,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: "60000",
        ...env,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await once(child.stdout, "data");
  child.kill(signal);
  const [exitCode, exitSignal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  await receiver.close();
  return { names: receiver.otlp.spans.map(({ name }) => name), exitCode, exitSignal };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s to an application that does not listen for it: its last spans arrive, and the signal ends it as always",
  async (signal) => {
    expect(await tellToEnd(signal)).toEqual({ names: ["just before"], exitCode: null, exitSignal: signal });
  },
);

test.skipIf(!canUnshare)(
  "SIGTERM to an application that is the first process of a container and does not listen for it: it ends too",
  async () => {
    const receiver = await startReceiver();
    const node = [process.execPath, "--conditions=tracebridge-source"];
    const parent = spawn(
      unshare,
      [...unshareOptions, ...node, "--import", "@tracebridge/telemetry/register", locate("told-to-end.ts")],
      {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: "60000" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(parent.stdout, "data");
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8");
    process.kill(Number(children.trim()), "SIGTERM");
    expect(await once(parent, "exit")).toEqual([143, null]);
    await receiver.close();
    expect(receiver.otlp.spans.map(({ name }) => name)).toEqual(["just before"]);
  },
);

test("an application that listens for the signal decides by itself", async () => {
  const ended = await tellToEnd("SIGTERM", { FIXTURE_LISTENS: "true" });
  expect(ended).toEqual({ names: [], exitCode: 7, exitSignal: null });
});

test("so does one that listened before telemetry, and only once", async () => {
  const ended = await tellToEnd("SIGTERM", {}, locate("listens-first.ts"));
  expect(ended).toEqual({ names: [], exitCode: 7, exitSignal: null });
});
