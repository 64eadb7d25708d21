import { gzipSync } from "node:zlib";
import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { defaultLimits, type FetchLimits } from "../../src/sources/fetch-json.ts";
import { openJaegerSource } from "../../src/sources/jaeger.ts";
import { failed, finished, readRecorded, startServer } from "./jaeger-server.ts";

const mebibyte = 1024 * 1024;
const json = { "content-type": "application/json" };

async function readFrom(listener: RequestListener, limits: Partial<FetchLimits> = {}): Promise<unknown> {
  await using server = await startServer(listener);
  const source = openJaegerSource(server.url, { ...defaultLimits, ...limits });
  return await source.readTrace(finished);
}

describe("a Jaeger that is none, or means harm", () => {
  it("cannot send us elsewhere", async () => {
    await using elsewhere = await startServer((_request, response) => response.end("{}"));
    for (const status of [301, 302, 303, 307, 308]) {
      const redirect: RequestListener = (_request, response) =>
        response.writeHead(status, { location: elsewhere.url }).end();
      await expect(readFrom(redirect)).rejects.toMatchObject({ code: "REDIRECTED" });
    }
    expect(elsewhere.requests).toEqual([]);
  });

  it("cannot send without end", async () => {
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, json);
      const write = (): void => {
        while (response.write(Buffer.alloc(64 * 1024, " ")));
      };
      response.on("drain", write);
      write();
    };
    await expect(readFrom(endless, { maxBytes: 2 * mebibyte })).rejects.toMatchObject({
      code: "TOO_LARGE",
      message: expect.stringContaining("2 MiB") as string,
    });
  });

  it("cannot unpack into more than is read", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * mebibyte, " "));
    expect(bomb.length).toBeLessThan(mebibyte);
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb);
    await expect(readFrom(answer, { maxBytes: 2 * mebibyte })).rejects.toMatchObject({ code: "TOO_LARGE" });
  });

  it("cannot keep us waiting byte by byte", async () => {
    let timer: NodeJS.Timeout | undefined;
    const drip: RequestListener = (_request, response) => {
      response.writeHead(200, json);
      timer = setInterval(() => response.write(" "), 10);
    };
    try {
      await expect(readFrom(drip, { timeoutMillis: 300 })).rejects.toMatchObject({
        code: "TIMED_OUT",
        message: expect.stringContaining("within 0.3 s") as string,
      });
    } finally {
      clearInterval(timer);
    }
  });

  it("cannot keep us waiting for a first byte", async () => {
    await expect(readFrom(() => {}, { timeoutMillis: 200 })).rejects.toMatchObject({ code: "TIMED_OUT" });
  });

  it("is not there, and its password is not told", async () => {
    const server = await startServer(() => {});
    await server[Symbol.asyncDispose]();
    const source = openJaegerSource(server.url.replace("//", "//user:secret@"));
    await expect(source.readTrace(finished)).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: `jaeger:${server.url} cannot be reached (ECONNREFUSED). Does it run, and is the address right?`,
    });
  });

  it("breaks off", async () => {
    const broken: RequestListener = (request, response) => {
      response.writeHead(200, json).write('{"result":', () => request.socket.destroy());
    };
    await expect(readFrom(broken)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  it.each([403, 401])("refuses with status %d", async (status) => {
    const refusing: RequestListener = (_request, response) => response.writeHead(status).end();
    await expect(readFrom(refusing)).rejects.toMatchObject({ code: "UNAUTHORISED" });
  });

  it("is asked too often", async () => {
    const busy: RequestListener = (_request, response) => response.writeHead(429).end();
    await expect(readFrom(busy)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });

  it("tells of an error of its own, in one line", async () => {
    const message = `no index\u001b[2J\n${"x".repeat(1000)}`;
    const failing: RequestListener = (_request, response) =>
      response.writeHead(500, json).end(JSON.stringify({ error: { httpCode: 500, message } }));
    await expect(readFrom(failing)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
      message: expect.stringMatching(/answers with status 500: no index \[2J x{150,200}$/) as string,
    });
  });

  it.each([
    ["a picture", "image/png", "{}"],
    ["a page", "text/html", '{"result":{}}'],
    ["no type", "", "{}"],
    ["half an answer", "application/json", '{"result":{"resourceSpans":['],
    ["other JSON", "application/json", '{"status":"ok"}'],
    ["a list", "application/json", "[]"],
    ["a number", "application/json", "1"],
    ["nothing", "application/json", ""],
    ["an error that is not Jaeger's", "application/json", '{"error":"no"}'],
  ])("answers with %s", async (_name, contentType, body) => {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, contentType === "" ? {} : { "content-type": contentType }).end(body);
    await expect(readFrom(answer)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
      message: expect.stringContaining("does not answer as a Jaeger does") as string,
    });
  });

  it.each(["jaeger-v3.json", "jaeger-v1.json"])("answers with another trace, as %s has it", async (file) => {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, json).end(readRecorded(`order-failed/${file}`));
    await expect(readFrom(answer)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
      message: expect.stringContaining(`answers with another trace than ${finished}`) as string,
    });
  });

  it("mixes another trace's spans into the answer", async () => {
    const mixed = readRecorded("order-finished/jaeger-v3.json").toString().replace(finished, failed);
    const answer: RequestListener = (_request, response) => response.writeHead(200, json).end(mixed);
    await expect(readFrom(answer)).rejects.toMatchObject({ code: "ANSWER_NOT_UNDERSTOOD" });
  });

  it.each(["v3", "v1"])("nests an attribute without end, in API %s", async (version) => {
    const depth = 200_000;
    const nested = '{"arrayValue":{"values":['.repeat(depth) + "]}}".repeat(depth);
    const recorded = readRecorded(`order-finished/jaeger-${version}.json`).toString();
    const hostile = recorded.replace(/"key":"orderId"/, `"key":"nested","value":${nested}},{$&`);
    expect(hostile.length).toBe(recorded.length + nested.length + '"key":"nested","value":},{'.length);
    const answer: RequestListener = (_request, response) => response.writeHead(200, json).end(hostile);
    const read = readFrom(answer);
    // API v1 has texts and numbers only: whatever else a value is, it is not walked.
    if (version === "v1") await expect(read).resolves.toMatchObject({ format: "jaeger-v1" });
    else await expect(read).rejects.toMatchObject({ code: "ANSWER_NOT_UNDERSTOOD" });
  });

  it.each([
    '{"result":{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"no id"}]}]}]}}',
    '{"data":[{"spans":[{}]}]}',
  ])("has spans that cannot be read: %s", async (body) => {
    const answer: RequestListener = (_request, response) => response.writeHead(200, json).end(body);
    await expect(readFrom(answer)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
      message: expect.stringContaining("spans that cannot be read: 1") as string,
    });
  });

  it.each(['{"result":{}}', '{"result":{"resourceSpans":[]}}', '{"data":[]}'])(
    "has no spans: %s",
    async (body) => {
      const answer: RequestListener = (_request, response) => response.writeHead(200, json).end(body);
      expect(await readFrom(answer)).toBeUndefined();
    },
  );
});
