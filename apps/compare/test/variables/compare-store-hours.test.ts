import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TraceDatabase } from "../../src/store/database.ts";
import { openStoreFile } from "../../src/store/open-file.ts";
import { readItemsOfEnvelope } from "../../src/trace/from-sentry.ts";
import { readSentryEnvelope } from "@tracebridge/receivers";
import { runProgram, startCompare, type CompareProcess } from "../compare-process.ts";
import { envelopeOf } from "../samples.ts";

/** The machine may do other work as well. */
const patiently = { timeout: 60_000 };

describe("COMPARE_STORE_HOURS", () => {
  const hourMillis = 3_600_000;
  const ids = ["1", "30", "200"].map((hours) => hours.padStart(32, "0"));
  let folder: string;
  let compare: CompareProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "compare-"));
    const unlimited = { maxBytes: Infinity, maxItems: Infinity, maxAgeMillis: Infinity };
    const database = new TraceDatabase(openStoreFile(join(folder, "store.sqlite")).database, unlimited);
    for (const traceId of ids) {
      const span = { traceId, spanId: "1".repeat(16), name: "work", service: "web" };
      const items = readItemsOfEnvelope(readSentryEnvelope(Buffer.from(envelopeOf(span))));
      database.write([items], Date.now() - Number(traceId) * hourMillis);
    }
    database.close();
  });
  afterEach(async () => {
    await compare?.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    [undefined, ids.slice(0, 2)],
    ["2", ids.slice(0, 1)],
    ["0", ids],
  ])("=%s keeps the traces of which something arrived within that time", async (hours, kept) => {
    const { url } = (compare = await startCompare({
      COMPARE_STORE: join(folder, "store.sqlite"),
      COMPARE_STORE_HOURS: hours,
    }));
    const readIds = async (): Promise<string[]> => {
      const list = (await (await fetch(`${url}/api/traces`)).json()) as { traceId: string }[];
      return list.map(({ traceId }) => traceId);
    };
    await expect.poll(readIds, patiently).toEqual(kept);
  });

  it("=soon stops the start and says what to write", async () => {
    expect(await runProgram("main.ts", [], { COMPARE_STORE_HOURS: "soon" })).toMatchObject({
      code: 1,
      stderr: 'compare: COMPARE_STORE_HOURS="soon" cannot be used: give a whole number from 0 to 87600.\n',
    });
  });
});
