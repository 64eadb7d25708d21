import { isOwn } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import type { Received } from "../receiver/question.ts";
import type { SentRequest } from "../spans/sent-requests.ts";
import type { Subject } from "../spans/subject.ts";

/**
 * What a process without a network has written is sent by the bench itself. Throws when that is not every span, or when
 * the process found a way to the receiver of its own: then its reading would hold something else than that of the others.
 */
export async function checkWritten(
  { peer, sender, spans, process }: Subject,
  receiver: CountingReceiver,
): Promise<void> {
  const requests = await process.tell("keepSent", false);
  const { otlp, sentry } = await receiver.take(sender);
  if (otlp.requests + sentry.requests > 0)
    throw new Error(
      `${peer.name} does not send through node:http's request, which no-network.ts takes the place of`,
    );
  const { origin } = new URL(receiver.addressOf(sender).otlpEndpoint);
  for (const request of requests) await send(origin, request);
  const arrived = countArrived(peer.sendsTo, await receiver.take(sender));
  if (arrived !== spans) throw new Error(`${peer.name} wrote ${arrived} of ${spans} spans`);
}

async function send(origin: string, { path, headers, body }: SentRequest): Promise<void> {
  const { "content-length": _, ...rest } = headers;
  const response = await fetch(origin + path, {
    method: "POST",
    headers: rest,
    body: Buffer.from(body, "base64"),
  });
  await response.arrayBuffer();
}

/** Spans that every back end has got. */
export function countArrived(sendsTo: Subject["peer"]["sendsTo"], received: Received): number {
  return Math.min(...sendsTo.map((backEnd) => received[backEnd].spans));
}

/** Throws when ours has lost a span; how many of another peer's have arrived is told in the table. */
export function checkOwn({ peer, spans }: Subject, arrived: number): void {
  if (isOwn(peer) && arrived !== spans) throw new Error(`${peer.name}: ${arrived} of ${spans} spans arrived`);
}
