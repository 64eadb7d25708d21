import { onClosedPipe } from "@tracebridge/compare/closed-pipe";
import { MongoClient } from "mongodb";

const usage = `MONGO_URL=<url> npm run database -- <web|order|factory|mailer> [id]

Prints what a service has in its database, the newest documents last, one in a line; with an id only those of one order
or reset request. The URL is the one behind "Database" in the output of npm start, or that of your own server.
`;
const mostDocuments = 50;
const timeoutMillis = 3000;

onClosedPipe();
const [name, id] = process.argv.slice(2);
const url = process.env["MONGO_URL"];
if (name === "--help") {
  process.stdout.write(usage);
} else if (name === undefined || !["web", "order", "factory", "mailer"].includes(name) || !url) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  await print(url, name, id).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `The database cannot be read: ${reason}\nIs MONGO_URL right, and does the stack run?\n`,
    );
    process.exitCode = 1;
  });
}

async function print(address: string, database: string, documentId: string | undefined): Promise<void> {
  const client = new MongoClient(address, { serverSelectionTimeoutMS: timeoutMillis });
  try {
    const db = client.db(database);
    const collections = await db.listCollections({}, { nameOnly: true }).toArray();
    if (collections.length === 0) process.stdout.write(`The database ${database} is empty.\n`);
    for (const collection of collections) {
      const filter = documentId === undefined ? {} : { id: documentId };
      const newest = db.collection(collection.name).find(filter).sort({ _id: -1 }).limit(mostDocuments);
      const documents = (await newest.toArray()).toReversed();
      process.stdout.write(`${database}.${collection.name}: ${documents.length} documents\n`);
      for (const document of documents) process.stdout.write(`${JSON.stringify(document)}\n`);
    }
  } finally {
    await client.close();
  }
}
