import { connect } from "amqplib";
import { expect, test } from "vitest";
import { startBroker } from "@tracebridge/embedded";
import { createSettlement } from "../src/broker/settlement.ts";

test("a message is settled once, whatever is asked for afterwards and on a closed channel too", async () => {
  const embedded = await startBroker();
  const connection = await connect(embedded.url);
  const channel = await connection.createChannel();
  const errors: Error[] = [];
  channel.on("error", (error) => errors.push(error));
  await channel.assertQueue("jobs");
  for (const text of ["one", "two"]) channel.sendToQueue("jobs", Buffer.from(text));
  const settlements: ReturnType<typeof createSettlement>[] = [];
  const both = Promise.withResolvers<void>();
  await channel.consume("jobs", (message) => {
    if (!message) return;
    settlements.push(createSettlement(channel, message));
    if (settlements.length === 2) both.resolve();
  });
  await both.promise;

  const [first, second] = settlements;
  first?.ack();
  first?.ack();
  first?.retry();
  first?.handBack();
  // The broker answers a second settlement by closing the channel; this call would then fail.
  await channel.checkQueue("jobs");
  expect(errors).toEqual([]);

  await channel.close();
  expect(() => second?.ack()).not.toThrow();
  await connection.close();
  await embedded.close();
});
