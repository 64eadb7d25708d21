import { fork } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "vite";

/**
 * The pages with reload on change, and behind them a compare server of their own, in memory, that was sent the
 * recorded traces of packages/comparison.
 */
const root = join(import.meta.dirname, "..");
const recorded = join(root, "../../packages/comparison/test/recorded");

const compareUrl = await startCompare();
for (const folder of ["order-finished", "order-failed", "special"]) await sendRecorded(folder);
const server = await createServer({
  root,
  server: { host: "127.0.0.1", port: Number(process.env["PORT"] || 5173), proxy: { "/api": compareUrl } },
});
await server.listen();
server.printUrls();

async function startCompare(): Promise<string> {
  const child = fork(join(root, "../compare/src/main.ts"), {
    execArgv: ["--conditions=tracebridge-source", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, PORT: "0" },
  });
  const [message] = (await once(child, "message")) as [{ url: string }];
  child.once("exit", () => process.exit(1));
  return message.url;
}

async function sendRecorded(folder: string): Promise<void> {
  for (const file of (await readdir(join(recorded, folder))).sort()) {
    const text = await readFile(join(recorded, folder, file), "utf8");
    if (file.endsWith(".envelope")) await send("/api/1/envelope/", text);
    else if (file === "otlp.json") await send("/v1/traces", text);
    else if (file.endsWith(".jsonl")) {
      const path = file === "otlp-logs.jsonl" ? "/v1/logs" : "/v1/traces";
      for (const line of text.split("\n").filter(Boolean)) await send(path, line);
    }
  }
}

async function send(path: string, body: string): Promise<void> {
  const headers = path.startsWith("/v1/") ? { "content-type": "application/json" } : undefined;
  const { ok, status } = await fetch(compareUrl + path, { method: "POST", body, headers });
  if (!ok) throw new Error(`compare answered ${path} with status ${status}`);
}
