import { once } from "node:events";
import { get, request, type IncomingMessage } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCompare, type CompareProcess } from "./compare-process.ts";
import { envelopeOf, order, otlpOf, traceId } from "./samples.ts";

const json = { "content-type": "application/json" };

describe("whatever it is sent, compare", () => {
  let compare: CompareProcess;
  beforeAll(async () => {
    compare = await startCompare();
  });
  afterAll(() => compare.stop());

  const post = (path: string, body: string): Promise<Response> =>
    fetch(compare.url + path, { method: "POST", body, headers: json });
  /** Sends the address as it is; `fetch` would tidy it up. */
  const statusOf = async (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<number | undefined> => {
    const [response] = (await once(get(compare.url, { path, headers }), "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  it.each(["//", "http://[", "/%", "/trace/%00", "/?query=%"])(
    "answers the address %s with an error or a page",
    async (path) => {
      // 503: the pages have not been built.
      expect([200, 400, 404, 503]).toContain(await statusOf(path));
    },
  );

  it("does not answer a page that reached it by a name of its own", async () => {
    expect(await statusOf("/api/traces", { host: "attacker.example:8007" })).toBe(421);
    expect(await statusOf("/api/traces", { host: "localhost:8007" })).toBe(200);
    expect(await statusOf("/api/traces", { host: "[::1]:8007" })).toBe(200);
  });

  it("compares a trace whose times no calendar has", async () => {
    const id = "a".repeat(32);
    const items = [{ timestamp: 1e300, trace_id: id, body: "when?" }];
    await post("/api/1/envelope/", ["{}", '{"type":"log"}', JSON.stringify({ items })].join("\n"));
    const page = await fetch(`${compare.url}/api/comparisons/${id}/page`);
    expect([page.status, await page.json()]).toEqual([
      200,
      expect.objectContaining({ notes: [expect.objectContaining({ text: "when?" })] }),
    ]);
  });

  it("compares a trace whose spans are each other's parents", async () => {
    const id = "b".repeat(32);
    const [one, two] = ["1".repeat(16), "2".repeat(16)];
    const circle = [
      { traceId: id, spanId: one, parentSpanId: two, name: "hen", service: "web" },
      { traceId: id, spanId: two, parentSpanId: one, name: "egg", service: "web" },
    ];
    await post("/v1/traces", otlpOf(...circle));
    const page = await (await fetch(`${compare.url}/api/comparisons/${id}/page`)).text();
    expect(page).toMatch(/hen[^]*egg/);
  });

  it("keeps every span of 1,000 requests at once", async () => {
    const id = "d".repeat(32);
    const spanOf = (index: number) => ({
      traceId: id,
      spanId: (index + 1).toString(16).padStart(16, "0"),
      name: "one of many",
      service: "web",
    });
    const sent = Array.from({ length: 500 }, (_, index) => spanOf(index));
    await Promise.all(
      sent.flatMap((span) => [post("/api/1/envelope/", envelopeOf(span)), post("/v1/traces", otlpOf(span))]),
    );
    const found = await fetch(`${compare.url}/api/traces?query=${id}`);
    expect(await found.json()).toMatchObject([{ sentrySpans: 500, otlpSpans: 500 }]);
  });

  it("answers, and never with 500, any JSON in place of a span's fields", async () => {
    const fields = fc.dictionary(
      fc.constantFrom(
        "name",
        "attributes",
        "links",
        "status",
        "parent_span_id",
        "start_timestamp",
        "events",
        "kind",
      ),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fields, async (fields) => {
        const ids = { traceId, spanId: "1".repeat(16), trace_id: traceId, span_id: "1".repeat(16) };
        const span = { start_timestamp: 1, end_timestamp: 2, ...fields, ...ids };
        const envelope = ["{}", '{"type":"span"}', JSON.stringify({ items: [span] })].join("\n");
        const otlp = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
        expect((await post("/api/1/envelope/", envelope)).status).toBe(200);
        expect([200, 400]).toContain((await post("/v1/traces", otlp)).status);
        expect((await fetch(`${compare.url}/api/traces?query=${traceId}`)).status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });
});

describe("when it is told to end, compare", () => {
  it("finishes the request that is under way, told twice over or not", async () => {
    const compare = await startCompare();
    const body = envelopeOf(...order);
    const sending = request(`${compare.url}/api/1/envelope/`, {
      method: "POST",
      headers: { "content-length": Buffer.byteLength(body), expect: "100-continue" },
    });
    sending.flushHeaders();
    await once(sending, "continue"); // compare is now in the middle of this request
    const ends = Promise.all([compare.stop(), compare.disconnect()]);
    sending.end(body);
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await ends).toEqual([0, 0]);
  });

  it("ends when the process that started it has gone", async () => {
    const compare = await startCompare();
    expect(await compare.disconnect()).toBe(0);
  });
});
