import type { ScriptedResponse } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import type { WrittenEnvelope } from "../../src/sentry/transport/envelope-transport.ts";
import { createEventId, createEventIds, readEventIds, startTestTransport } from "./start-test-transport.ts";
import type { TestTransport } from "./start-test-transport.ts";

/** The event `number` as it goes over the wire; the ledger has accepted it. */
function writeEvent({ ledger }: TestTransport, number: number): WrittenEnvelope {
  ledger.accept("error");
  const id = createEventId(number);
  const lines = [{}, { type: "event" }, { event_id: id, message: "written" }];
  const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n"));
  return { body, items: [{ category: "error", count: 1 }] };
}

function writeEvents(sent: TestTransport, count: number): WrittenEnvelope[] {
  return Array.from({ length: count }, (_, index) => writeEvent(sent, index + 1));
}

test("envelopes that are written already arrive, each once, alone or many at once", async () => {
  const sent = await startTestTransport();
  sent.transport.sendAllWritten(writeEvents(sent, 1));
  sent.transport.sendAllWritten(writeEvents(sent, 200).slice(1));
  expect(await sent.transport.flush(10_000)).toBe(true);
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(200));
  sent.transport.close();
  expect(sent.ledger.read("error")).toMatchObject({ delivered: 200, dropped: {} });
});

test("written envelopes keep to rate limits, to the bounds of the queue and to its end", async () => {
  const answers: ScriptedResponse[] = [{ status: 200, headers: { "x-sentry-rate-limits": "60:error:key" } }];
  const limited = await startTestTransport(() => answers.shift());
  limited.transport.sendAllWritten(writeEvents(limited, 1));
  await limited.transport.flush(10_000);
  const [event] = writeEvents(limited, 1);
  const spans = { category: "span", count: 2 };
  if (event) limited.transport.sendAllWritten([{ ...event, items: [...event.items, spans] }]);
  limited.transport.sendAllWritten(writeEvents(limited, 2));
  await limited.transport.flush(10_000);
  expect(readEventIds(limited.receiver)).toEqual(createEventIds(1));
  expect(limited.reported).toEqual({ "error:ratelimit_backoff": 2 });

  const hang = () => ({ status: 200, delayMillis: Infinity });
  const full = await startTestTransport(hang, { limits: { maxEnvelopes: 3 } });
  full.transport.sendAllWritten(writeEvents(full, 5));
  expect(full.reported).toEqual({ "error:queue_overflow": 2 });
  full.transport.close();
  full.transport.sendAllWritten(writeEvents(full, 1));
  expect(full.ledger.read("error").dropped).toEqual({ queue_overflow: 2, shutdown: 4 });
  full.closeAndExpectBalance();
});
