import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import { expect, test } from "vitest";
import { DeadlineExporter } from "./deadline-exporter.ts";
import type { Exporter } from "./deadline-exporter.ts";
import { DeliveryCounter } from "./delivery-counter.ts";

function create(inner: Exporter<number>["export"], timeoutMillis = 20) {
  const counter = new DeliveryCounter();
  const failures: string[] = [];
  let aborts = 0;
  const watched: Exporter<number>["export"] = (items, done, signal) => {
    signal?.addEventListener("abort", () => (aborts += 1));
    inner(items, done);
  };
  const exporter = new DeadlineExporter<number>(
    { export: watched, shutdown: () => Promise.resolve() },
    {
      timeoutMillis,
      counter,
      onFailure: (error) => failures.push(error.message),
    },
  );
  const send = (items: number[]) => new Promise<ExportResult>((resolve) => exporter.export(items, resolve));
  return { exporter, send, counter, failures, aborts: () => aborts };
}

test("an export without an answer fails at the deadline, is aborted, and a late answer changes nothing", async () => {
  const answers: ((result: ExportResult) => void)[] = [];
  const { send, counter, failures, aborts } = create((_items, done) => answers.push(done));
  const result = await send([1, 2]);
  for (const answer of answers) answer({ code: ExportResultCode.SUCCESS });
  expect(result.code).toBe(ExportResultCode.FAILED);
  expect(failures).toEqual(["no answer within 20 ms"]);
  expect(aborts()).toBe(1);
  expect(counter.stats()).toMatchObject({ delivered: 0, dropped: { timeout: 2 } });
});

test("an exporter that throws is a failure, not an exception", async () => {
  const { send, counter } = create(() => {
    throw new Error("broken");
  });
  expect(await send([1])).toMatchObject({ code: ExportResultCode.FAILED });
  expect(counter.stats().dropped).toEqual({ send_error: 1 });
});

test("a hundred exports at once are all delivered, eight at a time", async () => {
  let active = 0;
  let most = 0;
  const { send, counter, exporter } = create((_items, done) => {
    active += 1;
    most = Math.max(most, active);
    setImmediate(() => {
      active -= 1;
      done({ code: ExportResultCode.SUCCESS });
    });
  }, 10_000);
  const sent = Array.from({ length: 100 }, (_, index) => send([index]));
  await exporter.forceFlush();
  expect(counter.stats().delivered).toBe(100);
  await Promise.all(sent);
  expect(most).toBe(8);
});

test("what an exporter says when it is ended at the deadline is told instead of the deadline", async () => {
  const counter = new DeliveryCounter();
  const failures: string[] = [];
  const exporter = new DeadlineExporter<number>(
    {
      export: (_items, done, signal) =>
        signal?.addEventListener("abort", () =>
          done({
            code: ExportResultCode.FAILED,
            error: new Error("connection refused"),
            reason: "network_error",
          }),
        ),
      shutdown: () => Promise.resolve(),
    },
    { timeoutMillis: 20, counter, onFailure: (error) => failures.push(error.message) },
  );
  await new Promise<ExportResult>((resolve) => exporter.export([1], resolve));
  expect(failures).toEqual(["connection refused"]);
  expect(counter.stats().dropped).toEqual({ network_error: 1 });
});
