/** A difference between the embedded broker and RabbitMQ that we know, with the reason we leave it. */
export interface KnownDifference {
  scenarios: readonly string[];
  /** Major versions of RabbitMQ that show it. */
  versions: readonly (3 | 4)[];
  /** Where in the observation; `*` stands for anything. Each must occur in each of the scenarios. */
  paths: readonly string[];
  reason: string;
}

const refusal = ["closed", "code", "text", "after"];
const refusedDeclare = [...refusal, "method", "queue", "messageCount", "consumerCount"];

export const knownDifferences: readonly KnownDifference[] = [
  {
    scenarios: [
      "a wrong password is refused with a reason to clients that can read it",
      "an unknown user is refused",
    ],
    versions: [3, 4],
    paths: ["text"],
    reason: "RabbitMQ's text points to its log file; the embedded broker has none.",
  },
  {
    scenarios: [
      "an unknown mechanism is refused",
      "a frame size below 4096 is refused",
      "a frame size above the server's is refused",
      "a channel number limit above the server's is refused",
      "limits of 0, which is no limit, are refused",
    ],
    versions: [3, 4],
    paths: refusal,
    reason:
      "RabbitMQ cuts the connection off after 3 s without a word; here connection.close says why, at once.",
  },
  {
    scenarios: ["an unknown method closes the connection"],
    versions: [3, 4],
    paths: ["closed", "code", "after"],
    reason:
      "RabbitMQ's reader crashes and cuts the connection off; here connection.close says COMMAND_INVALID.",
  },
  {
    scenarios: ["an HTTP request gets the server's protocol header"],
    versions: [4],
    paths: ["[0].bytes"],
    reason: "RabbitMQ 4 offers AMQP 1.0 to strangers; the embedded broker speaks 0-9-1 only and offers that.",
  },
  {
    scenarios: ["transactions"],
    versions: [3, 4],
    paths: [...refusal, "method"],
    reason: "tx is not supported: NOT_IMPLEMENTED. Publisher confirms do the job.",
  },
  {
    scenarios: ["quorum queues", "priority queues", "single active consumers"],
    versions: [3, 4],
    paths: refusedDeclare,
    reason: "Not supported: refused with PRECONDITION_FAILED instead of behaving like something else.",
  },
  {
    scenarios: ["direct reply-to"],
    versions: [3, 4],
    paths: [...refusal, "method", "consumerTag"],
    reason: "Direct reply-to is not supported: there is no such queue.",
  },
  {
    scenarios: ["an unknown exchange type is refused"],
    versions: [3],
    paths: ["closed", "code", "text"],
    reason: "RabbitMQ 3 closes the connection, RabbitMQ 4 only the channel; this follows 4.",
  },
  {
    scenarios: [
      "a queue's time to live ends its messages",
      "a message's own time to live ends it",
      "the shorter of both times counts",
      "a message behind one that lives longer waits for it",
      "a time to live of 0 ends messages nobody waits for",
      "a message handed back after its time ends",
      "a full queue drops its oldest messages",
      "a queue can be full by bytes",
      "a full queue can refuse and dead-letter messages",
      "a rejected message is dead-lettered with its history",
      "a nacked message is dead-lettered like a rejected one",
      "dead letters keep their properties and headers",
      "dead letters without a routing key keep theirs",
      "going round with rejections counts up",
      "going round by time alone ends",
      "a history that a publisher made up does not count",
      "a dead letter with keys in CC goes on to those keys too",
    ],
    versions: [3],
    paths: ["*properties.headers.x-last-death-*"],
    reason: "The x-last-death headers came with RabbitMQ 3.13.",
  },
  {
    scenarios: ["a history that a publisher made up does not count"],
    versions: [3],
    paths: ["[0].properties.headers.x-death", "[0].properties.headers.x-first-death-*"],
    reason:
      "RabbitMQ 3 takes the x-death header of a publisher for true; RabbitMQ 4 and this start a new history.",
  },
  {
    scenarios: ["a message over 16 MiB"],
    versions: [3],
    paths: ["(whole)"],
    reason: "RabbitMQ 3 takes messages up to 128 MiB; this follows the 16 MiB of RabbitMQ 4.",
  },
];

/** What the list says of one scenario at one major version, as patterns of paths. */
export function readListedPaths(scenario: string, version: number): RegExp[] {
  const listed = knownDifferences.filter(
    ({ scenarios, versions }) => scenarios.includes(scenario) && versions.some((known) => known === version),
  );
  return listed.flatMap(({ paths }) => paths.map((path) => createPattern(path)));
}

function createPattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replaceAll(/[.()[\]]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}
