import { join } from "node:path";
import { createServer } from "vite";
import { recorded, sendRecording, type Recording } from "../../compare/test/recorded-order.ts";
import { startServer } from "../../compare/test/server-bench.ts";

/**
 * The pages with reload on change, and behind them a compare server of their own that was sent the recorded traces of
 * packages/comparison.
 */
const compare = await startServer();
for (const recording of Object.keys(recorded)) await sendRecording(compare.url, recording as Recording);
const server = await createServer({
  root: join(import.meta.dirname, ".."),
  server: { host: "127.0.0.1", port: Number(process.env["PORT"] || 5173), proxy: { "/api": compare.url } },
});
await server.listen();
server.printUrls();
