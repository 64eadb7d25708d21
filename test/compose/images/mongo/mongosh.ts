/** In mongosh's place, for health checks only: `mongosh … --eval <a text with ping>` asks the server for a ping. */
import { MongoClient } from "mongodb";

const script = process.argv[process.argv.indexOf("--eval") + 1] ?? "";
if (!/\bping\b/.test(script)) {
  console.error("This stand-in for mongosh can only ping.");
  process.exit(2);
}
try {
  const client = await MongoClient.connect("mongodb://127.0.0.1:27017", { serverSelectionTimeoutMS: 3000 });
  const { ok } = await client.db("admin").command({ ping: 1 });
  await client.close();
  process.exit(ok === 1 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
