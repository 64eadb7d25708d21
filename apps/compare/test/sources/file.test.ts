import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openFileSource } from "../../src/sources/file.ts";
import { openSource } from "../../src/sources/open-source.ts";
import { failed, finished, readRecorded } from "./jaeger-server.ts";

const recorded = fileURLToPath(new URL("../../../../packages/comparison/test/recorded/", import.meta.url));

async function writeTemporary(content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "compare-file-")), "traces");
  await writeFile(path, content);
  return path;
}

async function* asStream(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe("a file as a source", () => {
  it.each([
    ["jaeger-v3.json", "jaeger-v3"],
    ["jaeger-v1.json", "jaeger-v1"],
    ["otlp-traces.jsonl", "otlp"],
    ["sentry-api-trace.json", "sentry-api"],
    ["sentry-02.envelope", "sentry"],
  ])("is read whatever its format: %s", async (file, format) => {
    const source = openSource(`file:${recorded}order-failed/${file}`, {});
    const trace = await source.readTrace(failed);
    expect(trace).toMatchObject({ traceId: failed, format });
    expect(trace?.spans.length).toBeGreaterThan(0);
    expect(source.format).toBe(format);
    expect(source.label).toBe(file);
  });

  it("knows nothing of a trace that is not in it", async () => {
    expect(
      await openFileSource(`${recorded}order-failed/jaeger-v3.json`).readTrace(finished),
    ).toBeUndefined();
    await expect(openFileSource("nowhere").readTrace("x")).rejects.toMatchObject({
      code: "TRACE_ID_MALFORMED",
    });
  });

  it("is searched by id and by the value of an attribute, the largest trace first", async () => {
    const source = openFileSource(`${recorded}order-failed/otlp-traces.jsonl`);
    expect(await source.findTraceIds(failed.toUpperCase(), 5)).toEqual([failed]);
    const [largest, ...others] = await source.findTraceIds("bob", 5);
    expect(largest).toBe(failed);
    expect(others.length).toBeGreaterThan(0);
    expect(await source.findTraceIds("bob", 1)).toEqual([failed]);
    expect(await source.findTraceIds("orderId=bob", 1)).toEqual([failed]);
    expect(await source.findTraceIds("requestId=bob", 1)).toEqual([]);
    expect(await source.findTraceIds("http.response.status_code=202", 1)).toHaveLength(1);
    expect(await source.findTraceIds("nobody", 5)).toEqual([]);
  });

  it("is read anew each time, as it may grow", async () => {
    const path = await writeTemporary(readRecorded("order-failed/jaeger-v1.json"));
    const source = openFileSource(path);
    expect(await source.readTrace(finished)).toBeUndefined();
    await writeFile(path, readRecorded("order-finished/jaeger-v3.json"));
    expect((await source.readTrace(finished))?.spans).toHaveLength(23);
  });

  it("is standard input when it is called -, read once for all questions", async () => {
    const bytes = readRecorded("order-finished/jaeger-v3.json");
    const standardInput = asStream(bytes.subarray(0, 1000), bytes.subarray(1000));
    const source = openFileSource("-", { standardInput });
    expect(source).toMatchObject({ name: "file:-", label: "standard input" });
    expect((await source.readTrace(finished))?.spans).toHaveLength(23);
    expect(await source.findTraceIds("alice", 5)).toEqual([finished]);
  });

  it("is not read beyond the limit", async () => {
    const path = await writeTemporary(Buffer.alloc(2048, " "));
    const expected = {
      code: "TOO_LARGE",
      message: expect.stringContaining("more than 1000 bytes") as string,
    };
    await expect(openFileSource(path, { maxBytes: 1000 }).readTrace(finished)).rejects.toMatchObject(
      expected,
    );
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(500, " ");
    }
    const source = openFileSource("-", { maxBytes: 1000, standardInput: endless() });
    await expect(source.readTrace(finished)).rejects.toMatchObject(expected);
  });

  it("that is not there, is a folder, or is in no format is told by its name", async () => {
    const missing = openFileSource("/nowhere/traces.json").readTrace(finished);
    await expect(missing).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining("file:/nowhere/traces.json cannot be read (ENOENT)") as string,
    });
    await expect(openFileSource(recorded).readTrace(finished)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining("EISDIR") as string,
    });
    const path = await writeTemporary("<!doctype html>");
    await expect(openFileSource(path).readTrace(finished)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining("found a page of HTML") as string,
    });
  });

  it("that is broken in part is read, and what was left out is told once", async () => {
    const path = await writeTemporary(
      `${readRecorded("order-finished/otlp-traces.jsonl").toString()}{"resourceSp`,
    );
    const warnings: string[] = [];
    const source = openFileSource(path, { warn: (message) => void warnings.push(message) });
    await source.readTrace(finished);
    expect((await source.readTrace(finished))?.spans).toHaveLength(23);
    expect(warnings).toEqual([`file:${path}: left out 1 × a line that is no JSON`]);
  });
});
