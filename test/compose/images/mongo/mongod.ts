/**
 * The embedded database in MongoDB's place: reachable from other containers, and with what it holds written to /data/db
 * when it is stopped (SIGTERM) and read again when it starts. A kill loses everything, which MongoDB's journal would keep.
 */
import { existsSync } from "node:fs";
import { startDatabase } from "../../../../packages/embedded/src/index.ts";
import { listenEverywhere } from "../listening/listen-everywhere.ts";
import { restoreDatabases, saveDatabases } from "./saved-databases.ts";

const file = "/data/db/stand-in.jsonl";
const database = await startDatabase({ port: 0 });
if (existsSync(file)) await restoreDatabases(database.url, file);

const stopListening = listenEverywhere(27_017, database.port, () =>
  console.log("The stand-in for MongoDB listens on port 27017."),
);

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());

async function stop(): Promise<void> {
  stopListening();
  await saveDatabases(database.url, file);
  await database.close();
  process.exit(0);
}
