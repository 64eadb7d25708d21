import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PostAnswer, PostRequest } from "../types.ts";
import { OtlpSink } from "./otlp-sink.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ANSWER: PostAnswer = {
  statusCode: 200,
  text: "{}",
  headers: { "x-sentry-rate-limits": null, "retry-after": null },
};

function create(answer: (request: PostRequest) => Promise<PostAnswer>) {
  const requests: PostRequest[] = [];
  const told: string[] = [];
  const post = (request: PostRequest): Promise<PostAnswer> => {
    requests.push(request);
    return answer(request);
  };
  const sink = new OtlpSink({ path: "/tb/t", post, reportOnce: (key) => void told.push(key) });
  return { requests, told, sink };
}

function createSpan(name: string, traceFlags = TraceFlags.SAMPLED): ReadableSpan {
  const spanContext = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags };
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContext,
    startTime: [1, 0],
    endTime: [2, 0],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    links: [],
    events: [],
    duration: [1, 0],
    ended: true,
    resource: emptyResource(),
    instrumentationScope: { name: "test" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const size = ({ body }: PostRequest): number => body.length;

test("a server that is never there is asked five times, with longer and longer pauses, then spans are dropped", async () => {
  const { sink, requests, told } = create(() => Promise.reject(new TypeError("Failed to fetch")));
  sink.onEnd(createSpan("lost"));
  await vi.advanceTimersByTimeAsync(300_000);
  expect(requests).toHaveLength(5);
  expect(sink.stats()).toEqual({ accepted: 1, delivered: 0, dropped: { network_error: 1 } });
  expect(new Set(told)).toEqual(new Set(["otlp:spans"]));
});

test("a server that asks for time gets it, also from a page that ends", async () => {
  const answers = [{ ...ANSWER, statusCode: 429, headers: { ...ANSWER.headers, "retry-after": "30" } }];
  const { sink, requests } = create(async () => answers.pop() ?? ANSWER);
  sink.onEnd(createSpan("waits"));
  await vi.advanceTimersByTimeAsync(20_000);
  await sink.flush({ isLast: true, timeoutMillis: 0 });
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(requests).toHaveLength(2);
  expect(sink.stats()).toEqual({ accepted: 1, delivered: 1, dropped: {} });
});

test.each([
  ['{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}', 1, ["otlp:partial"]],
  ['{"partialSuccess":{"rejectedSpans":1000}}', 2, ["otlp:partial"]],
  ['{"partialSuccess":{"errorMessage":"use another name"}}', 0, ["otlp:partial"]],
  ['{"partialSuccess":{"rejectedSpans":-1}}', 0, []],
  ['{"partialSuccess":null}', 0, []],
  ["null", 0, []],
  ["", 0, []],
  ["OK", 0, []],
])("of two spans that are answered with %s, %i are lost", async (text, rejected, keys) => {
  const { sink, told } = create(async () => ({ ...ANSWER, text }));
  for (const name of ["first", "second"]) sink.onEnd(createSpan(name));
  await sink.forceFlush();
  const dropped = rejected > 0 ? { rejected } : {};
  expect(sink.stats()).toEqual({ accepted: 2, delivered: 2 - rejected, dropped });
  expect(told).toEqual(keys);
});

test("a page that ends hands over all at once, in bodies that may outlive it", () => {
  const { sink, requests } = create(() => new Promise(() => {}));
  for (let index = 0; index < 90; index += 1) sink.onEnd(createSpan("x".repeat(500)));
  void sink.flush({ isLast: true, timeoutMillis: 0 });
  expect(requests.length).toBeGreaterThan(2);
  expect(requests.filter((request) => size(request) > 24_000)).toEqual([]);
  expect(requests.every(({ isLast }) => isLast)).toBe(true);
});

test("what OTLP was not to get is counted, and so is what comes after the end", async () => {
  const { sink, requests } = create(async () => ANSWER);
  sink.onEnd(createSpan("for Sentry", TraceFlags.NONE));
  await sink.shutdown();
  sink.onEnd(createSpan("late"));
  expect(requests).toEqual([]);
  expect(sink.stats()).toEqual({ accepted: 2, delivered: 0, dropped: { sample_rate: 1, shutdown: 1 } });
});

test("what is under way when telemetry is closed is counted as lost", async () => {
  const { sink } = create(() => new Promise(() => {}));
  sink.onEnd(createSpan("under way"));
  await vi.advanceTimersByTimeAsync(3_000);
  sink.onEnd(createSpan("waiting"));
  sink.close();
  expect(sink.stats()).toEqual({ accepted: 2, delivered: 0, dropped: { shutdown: 2 } });
});
