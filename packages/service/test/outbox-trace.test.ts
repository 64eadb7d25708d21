import { context, propagation, trace, TraceFlags } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDatabase } from "@tracebridge/embedded";
import { activeTraceId, readTraceCarrier } from "@tracebridge/telemetry";
import { Outbox, type OutboxDocument } from "../src/outbox/index.ts";
import { createRecordingLogger } from "./support/log.ts";
import { waitUntil } from "./support/wait.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
let embedded: Awaited<ReturnType<typeof startDatabase>>;
let client: MongoClient;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  embedded = await startDatabase();
  client = await MongoClient.connect(embedded.url);
});
afterAll(async () => {
  await client.close();
  await embedded.close();
  context.disable();
  propagation.disable();
});

test("the trace of the write is stored with the entry, and a late send continues it", async () => {
  const collection = client.db("test").collection<OutboxDocument>("order");
  const sent: { traceId: string | undefined; traceparent: string | undefined }[] = [];
  const options = { collection, canSend: () => true, logger: createRecordingLogger().logger };
  const crashed = new Outbox({
    ...options,
    leaseMillis: 0,
    publish: () => Promise.reject(new Error("never called: there is no lease")),
  });
  await crashed.prepare();
  const request = trace.setSpanContext(context.active(), { traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  await context.with(request, () =>
    crashed.create({ id: "a", status: "create" }, "a", [{ queue: "jobs", step: "create", body: {} }]),
  );
  expect((await collection.findOne({ id: "a" }))?.outbox?.[0]?.carrier).toMatchObject({
    traceparent: `00-${traceId}-${spanId}-01`,
  });

  const sweeper = new Outbox({
    ...options,
    sweepIntervalMillis: 10,
    publish: async () => {
      sent.push({ traceId: activeTraceId(), traceparent: readTraceCarrier()["traceparent"] });
    },
  }).startSweeper();
  await waitUntil("the late send", () => sent.length === 1);
  await sweeper.close();
  expect(sent).toEqual([{ traceId, traceparent: `00-${traceId}-${spanId}-01` }]);
});
