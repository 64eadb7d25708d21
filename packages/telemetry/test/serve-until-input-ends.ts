import { once } from "node:events";
import { writeSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getTelemetry } from "@tracebridge/telemetry";

/** What `startPeer` expects of a fixture: it tells its port, serves until its standard input ends, and sends all it has. */
export async function serveUntilInputEnds(server: Server): Promise<never> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  writeSync(1, `${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
  await once(process.stdin.resume(), "end");
  await getTelemetry()?.shutdown();
  process.exit(0);
}
