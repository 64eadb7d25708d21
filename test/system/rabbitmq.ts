import { connect } from "amqplib";

/** The real broker that the suites ending in `.rabbitmq.test.ts` run against. */
export function readRabbitmqUrl(): string {
  return process.env["RABBITMQ_URL"] ?? "amqp://guest:guest@127.0.0.1:5672";
}

/** Removes the services' queues with whatever an earlier run left in them. */
export async function removeQueues(amqpUrl: string): Promise<void> {
  const connection = await connect(amqpUrl);
  const channel = await connection.createChannel();
  for (const queue of ["web", "order", "factory", "mail"]) {
    for (const name of [queue, `${queue}.retry`, `${queue}.dead`]) await channel.deleteQueue(name);
  }
  await connection.close();
}
