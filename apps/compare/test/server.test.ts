import { afterEach, describe, expect, it } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "./compare-process.ts";
import { envelopeOf, order, otlpOf, sendOrder, traceId } from "./samples.ts";

let compare: CompareProcess | undefined;
afterEach(async () => {
  await compare?.stop();
  compare = undefined;
});

const start = async (env?: NodeJS.ProcessEnv): Promise<string> => (compare = await startCompare(env)).url;
const readJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe("compare", () => {
  it("keeps what both sides received of a trace, and finds it by order id", async () => {
    const url = await start();
    await sendOrder(url);
    expect(await readJson(`${url}/api/traces?query=alice`)).toMatchObject([
      { traceId, sentrySpans: 3, otlpSpans: 3, errors: 0, services: ["order", "web"], name: "POST /order" },
    ]);
    const trace = (await readJson(`${url}/api/traces/${traceId}`)) as Record<
      "sentry" | "otlp",
      { spans: unknown[] }
    >;
    const names = [{ name: "POST /order" }, { name: "insert order" }, { name: "process order" }];
    expect(trace.sentry.spans).toMatchObject(names);
    expect(trace.otlp.spans).toMatchObject(names);
    expect(trace.otlp.spans[0]).toMatchObject({
      service: "web",
      kind: "client",
      startTimeUnixNano: "1795206248000000000",
      endTimeUnixNano: "1795206248250000000",
    });
    expect(await readJson(`${url}/api/traces?query=bob`)).toEqual([]);
  });

  it("counts a span that is delivered twice once", async () => {
    const url = await start();
    await sendOrder(url);
    await sendOrder(url);
    expect(await readJson(`${url}/api/traces`)).toMatchObject([{ sentrySpans: 3, otlpSpans: 3 }]);
  });

  it("keeps errors with their breadcrumbs, and logs of both sides, by trace", async () => {
    const url = await start();
    const event = {
      event_id: "e".repeat(32),
      timestamp: 1_795_206_248,
      exception: { values: [{ type: "Error", value: "no stock" }] },
      breadcrumbs: [{ message: "Item id: alice" }],
      tags: { service: "factory", orderId: "alice" },
      contexts: { trace: { trace_id: traceId, span_id: "3".repeat(16) } },
    };
    const log = {
      timestamp: 1_795_206_248,
      trace_id: traceId,
      level: "info",
      body: "received",
      attributes: {},
    };
    const body = [{}, { type: "event" }, event, { type: "log" }, { items: [log] }].map((part) =>
      JSON.stringify(part),
    );
    await fetch(`${url}/api/1/envelope/`, { method: "POST", body: body.join("\n") });
    const record = { traceId, timeUnixNano: "1", severityText: "INFO", body: { stringValue: "received" } };
    await fetch(`${url}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
    });
    expect(await readJson(`${url}/api/traces/${traceId}`)).toMatchObject({
      sentry: {
        errors: [
          { title: "Error: no stock", service: "factory", breadcrumbs: [{ message: "Item id: alice" }] },
        ],
        logs: [{ level: "info", body: "received" }],
      },
      otlp: { logs: [{ level: "info", body: "received" }] },
    });
    expect(await readJson(`${url}/api/traces?query=alice`)).toMatchObject([{ traceId, errors: 1 }]);
  });

  it("answers /health before the store has answered those who came earlier", async () => {
    const url = await start();
    const ids = Array.from({ length: 1000 }, (_, index) => (index + 1).toString(16).padStart(16, "0"));
    const spans = ids.map((spanId) => ({ traceId, spanId, name: "work", service: "web" }));
    await fetch(`${url}/api/1/envelope/`, { method: "POST", body: envelopeOf(...spans) });
    const answered: string[] = [];
    const ask = (path: string): Promise<unknown> =>
      readJson(url + path).then((answer) => (answered.push(path), answer));
    const reads = ids.slice(0, 10).map((id) => ask(`/api/traces/${traceId}?${id}`));
    const health = ask("/health");
    await Promise.all(reads);
    expect(answered.at(-1)).not.toBe("/health");
    expect(await health).toMatchObject({ status: "ok", store: { items: 1000 } });
  });

  it("forgets the oldest traces first when the store is full", async () => {
    const url = await start({ COMPARE_STORE_MIB: "1" });
    const padding = "x".repeat(20_000);
    const idOf = (index: number): string => index.toString(16).padStart(32, "0");
    for (let index = 1; index <= 80; index += 1) {
      const sample = { traceId: idOf(index), spanId: "1".repeat(16), name: padding, service: "web" };
      await fetch(`${url}/api/1/envelope/`, { method: "POST", body: envelopeOf(sample) });
    }
    expect((await fetch(`${url}/api/traces/${idOf(1)}`)).status).toBe(404);
    expect((await fetch(`${url}/api/traces/${idOf(80)}`)).status).toBe(200);
    const kept = (await readJson(`${url}/api/traces`)) as unknown[];
    expect(kept.length).toBeGreaterThan(40);
  });

  it.each([
    ["/nowhere", {}, 404],
    ["/api/traces/xyz", {}, 404],
    [`/api/traces/${"0".repeat(32)}`, {}, 404],
    ["/api/traces?limit=many", {}, 400],
    ["/api/traces", { method: "DELETE" }, 405],
    ["/v1/traces", {}, 405],
  ])("answers %s %o with %i", async (path, init, status) => {
    expect((await fetch((await start()) + path, init)).status).toBe(status);
  });

  it.each([
    [{ PORT: "many" }, 'PORT="many" cannot be used: give a whole number from 0 to 65535.'],
    [{ COMPARE_STORE_MIB: "0" }, 'COMPARE_STORE_MIB="0" cannot be used'],
  ])("refuses to start with %o, and says why", async (env, text) => {
    expect(await runProgram("main.ts", [], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(text),
    });
  });

  it("refuses to start on a busy port, and names the fix", async () => {
    const { port } = new URL(await start());
    const { code, stderr } = await runProgram("main.ts", [], { PORT: port });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/EADDRINUSE.*Fix: .*PORT/)]);
  });

  it("takes OTLP in JSON beside envelopes", async () => {
    const url = await start();
    const response = await fetch(`${url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: otlpOf(...order),
    });
    expect(response.status).toBe(200);
    expect(await readJson(`${url}/api/traces`)).toMatchObject([{ sentrySpans: 0, otlpSpans: 3 }]);
  });
});
