import type { OtlpSpan } from "@tracebridge/receivers";
import { beforeAll, describe, expect, test } from "vitest";
import type { ScenarioName } from "./app.ts";
import { runScenarios } from "./run-scenarios.ts";
import type { ScenariosRun } from "./run-scenarios.ts";

/** What plain amqplib does and what its spans say about it, on whatever broker is behind the URL. */
export function describeMessaging(readUrl: () => string): void {
  let run: ScenariosRun;
  beforeAll(async () => {
    run = await runScenarios(readUrl());
  });

  const readSends = (scenario: ScenarioName, suffix?: string) => run.readSpans(scenario, "producer", suffix);
  const readProcesses = (scenario: ScenarioName) => run.readSpans(scenario, "consumer");
  const readStates = (spans: readonly OtlpSpan[]) =>
    spans.map(({ status, statusMessage }) => (statusMessage ? `${status}: ${statusMessage}` : status));

  test("the application ends well, and Sentry has the same spans as OTLP: ids, parents, names and errors", () => {
    const { receiver, exitCode, stderr } = run;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const describeSpan = (span: { spanId: string; parentSpanId?: string; name: string; status: string }) =>
      [span.spanId, span.parentSpanId ?? "-", span.name, span.status === "error" ? "error" : "ok"].join(" ");
    const sentry = receiver.sentry.spans.map(describeSpan).toSorted();
    expect(sentry.length).toBeGreaterThan(30);
    expect(sentry).toEqual(receiver.otlp.spans.map(describeSpan).toSorted());
  });

  describe("publishing", () => {
    test("the PRODUCER span ends with the confirmation, and the CONSUMER span is its child", () => {
      const [send, ...others] = readSends("confirm");
      expect(others).toEqual([]);
      const { traceId = "", spanId = "" } = send ?? {};
      expect(run.readFacts("confirm")).toMatchObject({
        answer: "confirmed",
        afterPublish: 0,
        afterConfirm: 1,
        headers: {
          traceparent: `00-${traceId}-${spanId}-01`,
          "sentry-trace": `${traceId}-${spanId}-1`,
          baggage: expect.stringContaining(`sentry-trace_id=${traceId}`) as unknown,
        },
      });
      expect(readProcesses("confirm")).toMatchObject([{ traceId, parentSpanId: spanId, status: "unset" }]);
    });

    test("a publish on a closed channel throws, and its span never ends and never arrives", () => {
      const closed = "IllegalOperationError: Channel closed";
      expect(run.readFacts("closedChannel")).toEqual({
        thrown: [closed, closed],
        confirmations: 0,
        ended: 0,
      });
      expect(readSends("closedChannel")).toEqual([]);
    });

    test("an unroutable message is confirmed and lost; only a mandatory one comes back, before its confirmation", () => {
      expect(run.readFacts("unroutable")).toEqual({
        order: ["confirmed plain", "returned mandatory", "confirmed mandatory"],
        waiting: 0,
        consumers: 0,
      });
      expect(readStates(readSends("unroutable", "-nowhere"))).toEqual(["unset", "unset"]);
    });

    test("after a reset nobody knows what became of unconfirmed messages: the broker held all three", () => {
      const lost = "channel closed";
      expect(run.readFacts("reset")).toEqual({ answers: [lost, lost, lost], waiting: 3, consumers: 0 });
      const sends = readSends("reset");
      expect(sends.map(({ status }) => status)).toEqual(["error", "error", "error"]);
      expect(sends.map(({ attributes }) => attributes["error.type"])).toEqual([lost, lost, lost]);
    });

    test("a message that the broker refuses can be told from one whose fate is unknown", () => {
      expect(run.readFacts("refused")).toEqual({ answers: ["confirmed", "message nacked"] });
      const [taken, refused] = readSends("refused", "-full");
      expect(taken?.status).toBe("unset");
      expect(taken?.attributes).not.toHaveProperty("error.type");
      expect(refused).toMatchObject({ status: "error", attributes: { "error.type": "message nacked" } });
    });
  });

  describe("settling", () => {
    test("a nack with requeue makes one CONSUMER span for each delivery, and that of the nack is an error", () => {
      expect(run.readFacts("requeue")).toEqual({ redelivered: [false, true] });
      const [send] = readSends("requeue");
      const processes = readProcesses("requeue");
      expect(processes.map(({ parentSpanId }) => parentSpanId)).toEqual([send?.spanId, send?.spanId]);
      expect(readStates(processes).toSorted()).toEqual([
        "error: nack called on message with requeue",
        "unset",
      ]);
    });

    test("with a prefetch above 1 each message has a span, with its own work in it and its own end", () => {
      expect(run.readFacts("prefetch")).toEqual({ endedAfter: [1, 2, 3] });
      const processes = readProcesses("prefetch");
      expect(new Set(processes.map(({ parentSpanId }) => parentSpanId))).toEqual(
        new Set(readSends("prefetch").map(({ spanId }) => spanId)),
      );
      expect(processes).toHaveLength(3);
      const messageIds = new Map(
        processes.map(({ spanId, attributes }) => [spanId, attributes["messaging.message.id"]]),
      );
      const works = run.receiver.otlp.spans.filter(({ name }) => name.startsWith("work on "));
      for (const { name, parentSpanId = "" } of works)
        expect(name).toBe(`work on ${String(messageIds.get(parentSpanId))}`);
      expect(works).toHaveLength(3);
    });

    test("an ack with allUpTo ends the spans of the earlier messages too", () => {
      expect(run.readFacts("allUpTo")).toEqual({ endedBySecond: 2, endedByThird: 3 });
      expect(readStates(readProcesses("allUpTo"))).toEqual(["unset", "unset", "unset"]);
    });

    test("with noAck the span ends as the handler returns, and later work is still below it", () => {
      expect(run.readFacts("noAck")).toEqual({ ended: [0, 1] });
      const [process] = readProcesses("noAck");
      const late = run.receiver.sentry.spans.find(({ name }) => name === "late work");
      expect(late).toMatchObject({
        parentSpanId: process?.spanId,
        attributes: { "sentry.segment.id": process?.spanId },
      });
    });

    test("get() makes no span, and the headers of its message continue the trace by hand", () => {
      expect(run.readFacts("get")).toEqual({ isTraced: false, ended: 0 });
      expect(readProcesses("get")).toEqual([]);
      const [send] = readSends("get");
      expect(run.readSpans("get", "consumer", "-by-hand")).toMatchObject([{ parentSpanId: send?.spanId }]);
    });

    test("the ack of a copied message settles it and leaves its span open until the channel closes", () => {
      expect(run.readFacts("copy")).toEqual({ endedByAck: 0, endedByClose: 1, waiting: 0, left: 0 });
      expect(readStates(readProcesses("copy"))).toEqual(["error: channel closed"]);
    });
  });

  describe("handlers that throw", () => {
    test("a synchronous throw closes the channel while the connection lives: nobody consumes any more", () => {
      const facts = run.readFacts("synchronousThrow");
      expect(facts).toEqual({ errors: ["no luck"], waiting: 2, consumers: 0 });
      expect(readStates(readProcesses("synchronousThrow"))).toEqual(["error: channel error"]);
    });

    test("an asynchronous throw leaves the message unsettled and its span open until the channel closes", () => {
      expect(run.readFacts("asynchronousThrow")).toEqual({
        errors: [],
        unhandled: ["no luck"],
        held: { handled: 1, ended: 0, waiting: 1, consumers: 1 },
        endedByClose: 1,
      });
      expect(readStates(readProcesses("asynchronousThrow"))).toEqual(["error: channel closed"]);
    });
  });
}
