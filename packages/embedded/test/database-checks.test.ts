import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDatabase } from "../src/database/index.ts";
import { ALL_CHECKS } from "./database-checks/all-checks.ts";
import { runCheck } from "./database-checks/check.ts";
import { REFUSAL_CHECKS } from "./database-checks/refusal-checks.ts";

/** `MONGO_CHECK_URL` runs the same list against another MongoDB-wire server. */
const otherUrl = process.env["MONGO_CHECK_URL"];
let database: Awaited<ReturnType<typeof startDatabase>> | undefined;
let client: MongoClient;

beforeAll(async () => {
  if (otherUrl === undefined) database = await startDatabase();
  client = await new MongoClient(otherUrl ?? database?.url ?? "").connect();
});

afterAll(async () => {
  await client.close();
  await database?.close();
});

function createDatabaseName(): string {
  return `check-${randomUUID().slice(0, 13)}`;
}

describe("what every MongoDB server does", () => {
  test.each(ALL_CHECKS)("$name", async (check) => {
    expect(await runCheck(client, check, createDatabaseName())).toEqual(check.expect);
  });

  test("no two checks have the same name", () => {
    const names = ALL_CHECKS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe.skipIf(otherUrl !== undefined)("what the embedded database refuses", () => {
  test.each(REFUSAL_CHECKS)("$name", async (check) => {
    expect(await runCheck(client, check, createDatabaseName())).toEqual(check.expect);
  });
});
