import { onClosedPipe } from "@tracebridge/compare/closed-pipe";
import { connect, type ChannelModel } from "amqplib";

const usage = `AMQP_URL=<url> npm run queues

Prints how many messages wait in each queue, and how many consumers it has. The URL is the one behind "Broker" in the
output of npm start, or that of your own server.
`;
const timeoutMillis = 3000;
const queues = ["web", "order", "factory", "mail"].flatMap((name) => [name, `${name}.retry`, `${name}.dead`]);

onClosedPipe();
const url = process.env["AMQP_URL"];
if (process.argv.includes("--help")) {
  process.stdout.write(usage);
} else if (!url) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  await print(url).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    process.stderr.write(
      `The broker cannot be asked: ${reason}\nIs AMQP_URL right, and does the stack run?\n`,
    );
    process.exitCode = 1;
  });
}

async function print(address: string): Promise<void> {
  const connection = await connect(address, { timeout: timeoutMillis });
  try {
    for (const queue of queues)
      process.stdout.write(`${queue.padEnd(14)} ${await count(connection, queue)}\n`);
  } finally {
    await connection.close();
  }
}

/** A queue that does not exist closes the channel it was asked on, so each question has a channel of its own. */
async function count(connection: ChannelModel, queue: string): Promise<string> {
  const channel = await connection.createChannel();
  // What it says reaches us as the rejection of the question, too.
  channel.on("error", () => undefined);
  try {
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    await channel.close();
    return `${messageCount} waiting, ${consumerCount} consumers`;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === 404 ? "does not exist" : String(error);
  }
}
