import { readText } from "../../src/broker/model/field.ts";
import { WireConnection } from "../broker-wire/wire-connection.ts";

/** The version a RabbitMQ server states. Throws, with what to do, when it is not there or is something else. */
export async function readRabbitmqVersion(url: string): Promise<string> {
  const { host } = new URL(url);
  let connection: WireConnection;
  try {
    connection = await WireConnection.raw(url);
  } catch (error) {
    const how =
      "Start one with packages/embedded/test/servers/start-rabbitmq.sh and set RABBITMQ_URL to its URL.";
    throw new Error(`No RabbitMQ at ${host}, and this suite compares with a real one. ${how}`, {
      cause: error,
    });
  }
  connection.sendProtocolHeader();
  const { method } = await connection.next(0);
  connection.destroy();
  if (method?.name !== "connection.start") throw new Error(`${host} does not speak AMQP 0-9-1.`);
  const product = readText(method.args.serverProperties.get("product"));
  if (product !== "RabbitMQ") throw new Error(`${host} is ${product ?? "an unknown server"}, not RabbitMQ.`);
  return readText(method.args.serverProperties.get("version")) ?? "unknown";
}
