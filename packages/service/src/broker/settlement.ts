import type { Channel, ConsumeMessage } from "amqplib";

/** Settles one delivered message exactly once; whatever comes second is ignored. */
export interface Settlement {
  /** The work is done. */
  ack(): void;
  /** The attempt failed: the message waits in the retry queue and comes back. */
  retry(): void;
  /** Not worked on: the message goes back to the queue for somebody else. */
  handBack(): void;
}

export function createSettlement(channel: Channel, message: ConsumeMessage): Settlement {
  let settled = false;
  const settle = (act: () => void): void => {
    if (settled) return;
    settled = true;
    try {
      act();
    } catch {
      // The channel is closed. The broker delivers the message again, and the inbox recognises it.
    }
  };
  return {
    ack: () => settle(() => channel.ack(message)),
    retry: () => settle(() => channel.nack(message, false, false)),
    handBack: () => settle(() => channel.nack(message, false, true)),
  };
}
