import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceRoot } from "../../apps/stack/src/child.ts";
import { claimPort } from "../../packages/embedded/src/ports.ts";
import { compileCache } from "../compile-cache.ts";
import { readUntil } from "./eventually.ts";

describe("a service run with --watch from its TypeScript source", () => {
  let child: ChildProcess | undefined;
  let receiver: Receiver | undefined;
  let folder: string | undefined;
  afterEach(async () => {
    if (child?.pid !== undefined && child.exitCode === null) {
      const exit = once(child, "exit");
      // The whole group: what is watched is a process of its own, and would outlive its watcher.
      process.kill(-child.pid, "SIGKILL");
      await exit;
    }
    await receiver?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  it("starts again with its telemetry after a change", async () => {
    receiver = await startReceiver();
    const port = await claimPort();
    folder = await mkdtemp(join(workspaceRoot, "test", ".watch-"));
    const main = join(folder, "main.ts");
    await writeFile(main, serverSource("before"));
    child = spawn(
      process.execPath,
      ["--conditions=tracebridge-source", "--import", "@tracebridge/telemetry/register", "--watch", main],
      {
        cwd: workspaceRoot,
        stdio: "ignore",
        detached: true,
        env: {
          ...compileCache,
          PATH: process.env["PATH"],
          PORT: String(port),
          OTEL_SERVICE_NAME: "watched",
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          OTEL_BSP_SCHEDULE_DELAY: "50",
        },
      },
    );
    const spanNames = (): string[] => receiver?.otlp.spans.map((span) => span.name) ?? [];
    const answer = (wanted: string): Promise<string> =>
      readUntil(
        () =>
          fetch(`http://127.0.0.1:${port}/`).then(
            (response) => response.text(),
            () => "not listening",
          ),
        (text) => text === wanted,
        20_000,
      );
    expect(await answer("before")).toBe("before");
    await receiver.waitFor("a span of the first process", () => spanNames().includes("work before"));
    await writeFile(main, serverSource("after"));
    expect(await answer("after")).toBe("after");
    await receiver.waitFor("a span of the process that took its place", () =>
      spanNames().includes("work after"),
    );
    expect(spanNames()).toContain("work after");
  });
});

function serverSource(text: string): string {
  return `
import { createServer } from "node:http";
import { withSpan } from "@tracebridge/telemetry";

const body: string = ${JSON.stringify(text)};
createServer((_request, response) => {
  void withSpan("work ${text}", () => response.end(body));
}).listen(Number(process.env.PORT), "127.0.0.1");
`;
}
