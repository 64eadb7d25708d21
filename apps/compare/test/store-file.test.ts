import { execFileSync } from "node:child_process";
import { mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "./compare-process.ts";
import { envelopeOf, otlpOf, sendOrder } from "./samples.ts";

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

  it("has everything that was answered 200 when the process is killed in the middle of writing", async () => {
    const first = await start();
    const answered: string[] = [];
    let next = 0;
    const sendOn = async (): Promise<void> => {
      for (;;) {
        next += 1;
        const spanId = next.toString(16).padStart(16, "0");
        const span = { traceId: "a".repeat(32), spanId, name: "work", service: "web" };
        try {
          const body = envelopeOf(span);
          const response = await fetch(`${first.url}/api/1/envelope/`, { method: "POST", body });
          if (response.status === 200) answered.push(spanId);
        } catch {
          return; // compare has gone
        }
      }
    };
    const senders = Array.from({ length: 20 }, sendOn);
    await expect.poll(() => answered.length, { timeout: 60_000 }).toBeGreaterThan(300);
    await first.stop("SIGKILL");
    await Promise.all(senders);
    const second = await start();
    const response = await fetch(`${second.url}/api/traces/${"a".repeat(32)}`);
    const trace = (await response.json()) as { sentry: { spans: { spanId: string }[] } };
    const kept = new Set(trace.sentry.spans.map(({ spanId }) => spanId));
    expect(answered.filter((spanId) => !kept.has(spanId))).toEqual([]);
  });

  it("of an earlier version is kept under another name, and a new one is begun", async () => {
    const file = join(folder, "store.sqlite");
    const earlier = new DatabaseSync(file);
    earlier.exec(
      "CREATE TABLE trace (a); CREATE TABLE item (a); CREATE TABLE word (a); PRAGMA user_version = 2",
    );
    earlier.close();
    const compare = await start();
    await sendOrder(compare.url);
    expect(compare.log()).toMatch(
      /another version of compare: it is kept as ".*store\.sqlite\.version-2" and a new/,
    );
    const kept = new DatabaseSync(`${file}.version-2`);
    expect(kept.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    kept.close();
  });

  it("that is damaged while compare rests is kept under another name, and receiving goes on", async () => {
    const file = join(folder, "store.sqlite");
    const first = await start();
    await sendOrder(first.url);
    await first.stop();
    const damaging = await open(file, "r+");
    const { size } = await damaging.stat();
    await damaging.write(Buffer.alloc(size - 8192, "no page of a database "), 0, size - 8192, 8192);
    await damaging.close();
    const second = await start();
    await sendOrder(second.url);
    const response = await fetch(`${second.url}/api/traces?query=alice`);
    expect(await response.json()).toMatchObject([{ sentrySpans: 3, otlpSpans: 3 }]);
    expect(second.log()).toMatch(
      /is damaged: it is kept as ".*store\.sqlite\.damaged" and a new one is begun/,
    );
    expect(await readdir(folder)).toContain("store.sqlite.damaged");
  });

  it.runIf(process.platform === "linux")(
    "on a full disk has senders come again, is told once, and takes data again when there is room",
    async () => {
      const compare = await start();
      await sendOrder(compare.url);
      const limitFiles = (bytes: string): void =>
        void execFileSync("prlimit", [`--fsize=${bytes}:`, "--pid", String(compare.pid)]);
      const send = async (spanId: string): Promise<[number, string | null]> => {
        const span = { traceId: "b".repeat(32), spanId, name: "x".repeat(100_000), service: "web" };
        const response = await fetch(`${compare.url}/v1/traces`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: otlpOf(span),
        });
        return [response.status, response.headers.get("retry-after")];
      };
      limitFiles("1000");
      expect(await send("1".repeat(16))).toEqual([503, "1"]);
      expect(await send("2".repeat(16))).toEqual([503, "1"]);
      expect((await fetch(`${compare.url}/api/traces?query=alice`)).status).toBe(200);
      limitFiles("unlimited");
      expect(await send("3".repeat(16))).toEqual([200, null]);
      const trace = await fetch(`${compare.url}/api/traces/${"b".repeat(32)}`);
      expect(await trace.json()).toMatchObject({ otlp: { spans: [{ spanId: "3".repeat(16) }] } });
      expect(compare.log().split("\n")).toEqual([
        expect.stringMatching(/^compare: the store cannot be written: .+ Senders are asked to come again\.$/),
        "compare: the store can be written again; 2 requests had been refused.",
        "",
      ]);
    },
  );
});
