/** The real broker that the suites ending in `.rabbitmq.test.ts` run against. */
export function readRabbitmqUrl(): string {
  return process.env["RABBITMQ_URL"] ?? "amqp://guest:guest@127.0.0.1:5672";
}
