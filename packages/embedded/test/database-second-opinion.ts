/**
 * Asks another MongoDB-wire server the same questions as the embedded database and prints where the answers differ:
 *
 *     MONGO_CHECK_URL=mongodb://127.0.0.1:27018 node packages/embedded/test/database-second-opinion.ts
 *
 * Run by hand; which servers were asked, and what came out, is in packages/embedded/README.md. Exit code 1 when any
 * answer differs from the expected one.
 */
import { isDeepStrictEqual } from "node:util";
import { MongoClient } from "mongodb";
import { startDatabase } from "../src/database/index.ts";
import { ALL_CHECKS } from "./database-checks/all-checks.ts";
import { type Check, runCheck } from "./database-checks/check.ts";

/** Drops `undefined` fields and class identities, which the comparison in the tests ignores as well. */
function normalize(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** With a connection of its own, so that a server that loses its way in one check is sound in the next. */
async function ask(url: string, check: Check, number: number): Promise<unknown> {
  const client = await new MongoClient(url, { serverSelectionTimeoutMS: 5000 }).connect();
  try {
    return normalize(await runCheck(client, check, `second-opinion-${number}`));
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : "not an Error" };
  } finally {
    await client.close();
  }
}

const url = process.env["MONGO_CHECK_URL"];
if (url === undefined)
  throw new Error("MONGO_CHECK_URL is not set: the address of the server to compare with");

const embedded = await startDatabase();
let differences = 0;
for (const [number, check] of ALL_CHECKS.entries()) {
  const wanted = normalize(check.expect);
  const answers = { embedded: await ask(embedded.url, check, number), other: await ask(url, check, number) };
  if (isDeepStrictEqual(answers.embedded, wanted) && isDeepStrictEqual(answers.other, wanted)) continue;
  differences += 1;
  console.log(`${check.name}\n  expected ${JSON.stringify(wanted)}`);
  for (const [who, answer] of Object.entries(answers)) {
    if (!isDeepStrictEqual(answer, wanted)) console.log(`  ${who} ${JSON.stringify(answer)}`);
  }
}
console.log(`${ALL_CHECKS.length} checks, ${differences} with a difference`);
await embedded.close();
process.exitCode = differences === 0 ? 0 : 1;
