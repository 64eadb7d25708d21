import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SourceError, type SourceErrorCode, type TraceSource } from "../src/sources/source.ts";
import type { DifferencePage, SpanDetail, TracePageModel } from "../src/server/page-model.ts";
import { envelopeOf, order, otlpOf, traceId } from "./samples.ts";
import { startServer, type RunningServer } from "./server-bench.ts";

const json = { "content-type": "application/json" };
const spanIdOf = (index: number): string => (index + 1).toString(16).padStart(16, "0");

/** A source that fails in a way of its own. */
function breakSource(code: SourceErrorCode): TraceSource {
  const fail = (): never => {
    throw new SourceError(code, `broken: ${code}`);
  };
  const name = `broken:${code}`;
  return {
    name,
    label: code,
    format: "jaeger-v3",
    readTrace: async () => fail(),
    findTraceIds: async () => fail(),
  };
}

const failures = [
  ["UNREACHABLE", 502],
  ["REDIRECTED", 502],
  ["UNAUTHORISED", 502],
  ["TOO_LARGE", 502],
  ["ANSWER_NOT_UNDERSTOOD", 502],
  ["RATE_LIMITED", 503],
  ["TIMED_OUT", 504],
] as const;

describe("the comparison of two sources", () => {
  let server: RunningServer;
  const read = async <T>(path: string): Promise<T> => (await (await fetch(server.url + path)).json()) as T;
  const of = (path: string, id = traceId): string => `/api/comparisons/${id}${path}`;
  const sendSentry = (body: string): Promise<Response> =>
    fetch(`${server.url}/api/1/envelope/`, { method: "POST", body });
  const sendOtlp = (body: string): Promise<Response> =>
    fetch(`${server.url}/v1/traces`, { method: "POST", headers: json, body });

  beforeAll(async () => {
    server = await startServer({
      sources: failures.map(([code]) => breakSource(code)),
      pageLinks: { jaeger: (id) => `http://jaeger.example/trace/${id}` },
    });
    await sendSentry(envelopeOf(...order));
    await sendOtlp(
      otlpOf(...order.map((span) => ({ ...span, name: span.name.replace("insert", "upsert") }))),
    );
  });
  afterAll(() => server.close());

  it("has names for every source that may be asked", async () => {
    expect(await read("/api/sources")).toEqual([
      { name: "local:sentry", label: "Sentry", format: "sentry" },
      { name: "local:otlp", label: "OTLP", format: "otlp" },
      ...failures.map(([code]) => ({ name: `broken:${code}`, label: code, format: "jaeger-v3" })),
    ]);
  });

  it("tells the verdict, and all of it", async () => {
    const whole = await read<{ verdict: string; counts: object; differences: object[] }>(of(""));
    expect(whole).toMatchObject({ traceId, verdict: "different" });
    expect(whole.differences).toContainEqual(
      expect.objectContaining({
        verdict: "unexplained",
        field: "name",
        left: "insert order",
        right: "upsert order",
      }),
    );
    expect(await read(of("/verdict"))).toEqual({ verdict: "different", counts: whole.counts });
  });

  it("is a page of rows in the order of the tree, with times from the first start", async () => {
    const page = await read<TracePageModel>(of("/page"));
    expect(page).toMatchObject({
      traceId,
      verdict: "different",
      startMillis: 1_795_206_248_000,
      durationMillis: 2250,
      left: { spans: 3, source: { name: "local:sentry" } },
      right: { spans: 3, source: { name: "local:otlp" }, pageUrl: `http://jaeger.example/trace/${traceId}` },
      rows: [
        { spanId: order[0]?.spanId, depth: 0, service: "web", left: { startMillis: 0, durationMillis: 250 } },
        {
          spanId: order[1]?.spanId,
          depth: 1,
          left: { name: "insert order" },
          right: { name: "upsert order" },
        },
        {
          spanId: order[2]?.spanId,
          depth: 1,
          service: "order",
          left: { startMillis: 2000, status: "error" },
        },
      ],
    });
    expect(page.rows[1]?.differences.unexplained).toBeGreaterThan(0);
    expect(page.differences.every(({ verdict }) => verdict !== "explained")).toBe(true);
  });

  it("takes either side first, and a side twice", async () => {
    const swapped = await read<TracePageModel>(of("/page?left=local:otlp&right=local:sentry"));
    expect([swapped.left.source.name, swapped.right.source.name]).toEqual(["local:otlp", "local:sentry"]);
    expect(await read(of("/verdict?left=local:otlp&right=local:otlp"))).toMatchObject({ verdict: "equal" });
  });

  it("lists differences by rule, some at a time", async () => {
    const { explanations } = await read<TracePageModel>(of("/page"));
    const [first] = explanations;
    const all = await read<DifferencePage>(of(`/differences?rule=${first?.rule}`));
    expect([all.total, all.differences.length]).toEqual([first?.count, first?.count]);
    expect(new Set(all.differences.map(({ rule }) => rule))).toEqual(new Set([first?.rule]));
    const last = await read<DifferencePage>(
      of(`/differences?rule=${first?.rule}&offset=${all.total - 1}&limit=5`),
    );
    expect(last).toEqual({ total: all.total, differences: all.differences.slice(-1) });
    expect(await read(of("/differences?rule=none"))).toEqual({ total: 0, differences: [] });
  });

  it("tells everything of one span", async () => {
    const spanId = order[1]?.spanId ?? "";
    const span = await read<SpanDetail>(of(`/spans/${spanId}`));
    expect(span).toMatchObject({
      left: { spanId, name: "insert order", attributes: { orderId: "alice" } },
      right: { spanId, name: "upsert order" },
    });
    expect(span.differences.map((one) => one.spanId)).toEqual(span.differences.map(() => spanId));
  });

  it.each<[string, string, number, string]>([
    ["a trace that nobody knows", of("/page", "0".repeat(32)), 404, "TRACE_NOT_FOUND"],
    ["a span that neither side has", of("/spans/ffffffffffffffff"), 404, "SPAN_NOT_FOUND"],
    ["another source", of("/page?left=local:files"), 400, "SOURCE_UNKNOWN"],
    [
      "an address in place of a source",
      of("/page?right=jaeger:http://169.254.169.254"),
      400,
      "SOURCE_UNKNOWN",
    ],
    ["a file in place of a source", of("/page?right=file:/etc/passwd"), 400, "SOURCE_UNKNOWN"],
    ["a half id", of("/page", "abc"), 404, "NOT_FOUND"],
    ["another part", of("/pages"), 404, "NOT_FOUND"],
    ["a limit that is none", of("/differences?limit=-1"), 400, "BAD_QUERY"],
    ["an offset that is none", of("/differences?offset=1e9"), 400, "BAD_QUERY"],
    ...failures.map(([code, status]): [string, string, number, string] => [
      `a source that is ${code}`,
      of(`/page?right=broken:${code}`),
      status,
      code,
    ]),
  ])("answers %s with an error", async (_, path, status, code) => {
    const answer = await server.ask(path);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(/./) } },
    ]);
  });

  it("is made anew when something has arrived", async () => {
    const id = "e".repeat(32);
    const own = order.map((span) => ({ ...span, traceId: id, status: undefined }));
    await sendSentry(envelopeOf(...own));
    expect(await read(of("/verdict", id))).toMatchObject({ verdict: "one-sided" });
    await sendOtlp(otlpOf(...own));
    const page = await read<TracePageModel>(of("/page", id));
    expect([page.right.spans, page.rows.every(({ left, right }) => left && right)]).toEqual([3, true]);
  });

  it("goes on receiving while it compares 10,000 spans with as many", async () => {
    const id = "f".repeat(32);
    const spans = Array.from({ length: 10_000 }, (_, index) => ({
      traceId: id,
      spanId: spanIdOf(index),
      parentSpanId: index === 0 ? undefined : spanIdOf(Math.floor((index - 1) / 8)),
      name: `step ${index}`,
      service: `service-${index % 5}`,
    }));
    for (let from = 0; from < spans.length; from += 2000) {
      const some = spans.slice(from, from + 2000);
      await Promise.all([sendSentry(envelopeOf(...some)), sendOtlp(otlpOf(...some))]);
    }
    const comparing = read<TracePageModel>(of("/page", id));
    const other = "d".repeat(32);
    const sent = spans.slice(0, 40).map((span) => ({ ...span, traceId: other }));
    const answers = await Promise.all(sent.map((span) => sendSentry(envelopeOf(span))));
    expect(answers.map(({ status }) => status)).toEqual(sent.map(() => 200));
    const page = await comparing;
    expect([page.rows.length, page.left.spans, page.right.spans]).toEqual([10_000, 10_000, 10_000]);
    expect(await read(`/api/traces?query=${other}`)).toMatchObject([{ sentrySpans: 40 }]);
    expect(await read(of(`/spans/${spanIdOf(9999)}`, id))).toMatchObject({ left: { name: "step 9999" } });
  });
});
