import { join } from "node:path";
import { createServer } from "vite";
import { sendRecording, startCompare } from "./recorded.ts";

/**
 * The pages with reload on change, and behind them a compare server of their own that was sent the recorded traces of
 * packages/comparison.
 */
const compare = await startCompare();
compare.process.once("exit", () => process.exit(1));
for (const recording of ["order-finished", "order-failed", "special"] as const) {
  await sendRecording(compare.url, recording);
}
const server = await createServer({
  root: join(import.meta.dirname, ".."),
  server: { host: "127.0.0.1", port: Number(process.env["PORT"] || 5173), proxy: { "/api": compare.url } },
});
await server.listen();
server.printUrls();
