import { createReadStream, createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { BSON, MongoClient, type Document } from "mongodb";

/** One line of the file: what has to be done again to have a collection back. */
interface Step {
  database: string;
  command: Document;
}

const { EJSON } = BSON;
const documentsInAStep = 500;

/** Writes everything the database at `url` holds to `file`, which is complete or not there. */
export async function saveDatabases(url: string, file: string): Promise<void> {
  const client = await MongoClient.connect(url);
  const output = createWriteStream(`${file}.new`);
  for await (const step of readSteps(client)) {
    if (!output.write(`${EJSON.stringify(step, { relaxed: false })}\n`)) await once(output, "drain");
  }
  output.end();
  await once(output, "close");
  await rename(`${file}.new`, file);
  await client.close();
}

export async function restoreDatabases(url: string, file: string): Promise<void> {
  const client = await MongoClient.connect(url);
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const step = EJSON.parse(line, { relaxed: false }) as Step;
    await client.db(step.database).command(step.command);
  }
  await client.close();
}

async function* readSteps(client: MongoClient): AsyncGenerator<Step> {
  const { databases } = await client.db("admin").admin().listDatabases({ nameOnly: true });
  for (const { name: database } of databases) {
    for (const { name } of await client.db(database).listCollections().toArray()) {
      const collection = client.db(database).collection(name);
      yield { database, command: { create: name } };
      const indexes = (await collection.indexes()).filter((index) => index["name"] !== "_id_");
      if (indexes.length > 0) yield { database, command: { createIndexes: name, indexes } };
      let documents: Document[] = [];
      for await (const document of collection.find()) {
        if (documents.push(document) < documentsInAStep) continue;
        yield { database, command: { insert: name, documents } };
        documents = [];
      }
      if (documents.length > 0) yield { database, command: { insert: name, documents } };
    }
  }
}
