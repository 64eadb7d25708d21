/**
 * The embedded database in MongoDB's place: reachable from other containers, and with what it holds written to /data/db
 * when it is stopped (SIGTERM) and read again when it starts. A kill loses everything, which MongoDB's journal would keep.
 */
import { existsSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { startDatabase } from "../../../../packages/embedded/src/index.ts";
import { restoreDatabases, saveDatabases } from "./saved-databases.ts";

const file = "/data/db/stand-in.jsonl";
const database = await startDatabase({ port: 0 });
if (existsSync(file)) await restoreDatabases(database.url, file);

// The embedded database itself listens on loopback only.
const sockets = new Set<Socket>();
const listener = createServer((client) => {
  const server = connect(database.port, "127.0.0.1");
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(from);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  }
});
listener.listen(27_017, "0.0.0.0", () => console.log("The stand-in for MongoDB listens on port 27017."));

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());

async function stop(): Promise<void> {
  listener.close();
  for (const socket of sockets) socket.destroy();
  await saveDatabases(database.url, file);
  await database.close();
  process.exit(0);
}
