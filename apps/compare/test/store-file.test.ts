import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "./compare-process.ts";
import { sendOrder } from "./samples.ts";

describe("COMPARE_STORE", () => {
  let folder: string;
  const running: CompareProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "compare-"));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((compare) => compare.stop()));
    await rm(folder, { recursive: true });
  });

  const start = async (): Promise<CompareProcess> => {
    const compare = await startCompare({ COMPARE_STORE: join(folder, "store.sqlite") });
    running.push(compare);
    return compare;
  };

  it.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "keeps the traces over a restart after %s",
    async (signal) => {
      const first = await start();
      await sendOrder(first.url);
      expect(await first.stop(signal)).toBe(signal === "SIGKILL" ? null : 0);
      const second = await start();
      const response = await fetch(`${second.url}/api/traces?query=alice`);
      expect(await response.json()).toMatchObject([{ sentrySpans: 3, otlpSpans: 3 }]);
    },
  );

  const refusal = async (file: string): Promise<string> => {
    const { code, stdout, stderr } = await runProgram("main.ts", [], { PORT: "0", COMPARE_STORE: file });
    expect([code, stdout]).toEqual([1, ""]);
    return stderr;
  };

  it("in a folder that does not exist stops the start with one line that says so", async () => {
    const file = join(folder, "missing", "store.sqlite");
    expect(await refusal(file)).toMatch(/^compare: COMPARE_STORE=".*" cannot be used: .*Fix: [^\n]*\n$/);
  });

  it("that is no database stops the start, and is left as it was", async () => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "my notes, which are no database ".repeat(100));
    expect(await refusal(file)).toContain("file is not a database");
  });

  it("that is another program's database stops the start", async () => {
    const file = join(folder, "other.sqlite");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE trace (a)");
    other.close();
    expect(await refusal(file)).toContain("the file is another program's database");
  });

  it("that a running compare uses stops the start of a second one", async () => {
    await start();
    expect(await refusal(join(folder, "store.sqlite"))).toContain("database is locked");
  });
});
