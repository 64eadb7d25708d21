import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startReceiver } from "@tracebridge/receivers";
import { expect, test } from "vitest";

const locate = (fixture: string): string => fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));

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
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: "60000", ...env },
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

test("an application that listens for the signal decides by itself", async () => {
  const ended = await tellToEnd("SIGTERM", { FIXTURE_LISTENS: "true" });
  expect(ended).toEqual({ names: [], exitCode: 7, exitSignal: null });
});

test("so does one that listened before telemetry, and only once", async () => {
  const ended = await tellToEnd("SIGTERM", {}, locate("listens-first.ts"));
  expect(ended).toEqual({ names: [], exitCode: 7, exitSignal: null });
});
