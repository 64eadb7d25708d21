import { randomUUID } from "node:crypto";
import type { ReceivedRequest } from "@tracebridge/receivers";
import type { Destination } from "./destination.ts";
import { createForwarder, type ForwardCounts } from "./forwarder.ts";

/** Everything that is sent on. */
export interface Forwarding {
  forward(request: ReceivedRequest, body: Uint8Array): void;
  counts(): ForwardCounts[];
  close(millis: number): Promise<void>;
}

/** Names those who have forwarded a body, so that none does so twice. */
const forwardedBy = "tracebridge-forwarded-by";

export function createForwarding(
  destinations: readonly Destination[],
  tell: (message: string) => void,
): Forwarding {
  const self = randomUUID();
  let hasToldOfLoop = false;
  const forwarders = destinations.map(({ address, ...destination }) =>
    createForwarder(
      {
        ...destination,
        address: (request, body) => {
          const forwarded = address(request, body);
          const names = [...readNames(request), self].join(", ");
          return forwarded && { ...forwarded, headers: { ...forwarded.headers, [forwardedBy]: names } };
        },
      },
      { tell },
    ),
  );
  return {
    forward: (request, body) => {
      if (!readNames(request).includes(self)) {
        for (const forwarder of forwarders) forwarder.forward(request, body);
      } else if (!hasToldOfLoop) {
        hasToldOfLoop = true;
        tell(
          "what is forwarded comes back here, and is not forwarded again: see the COMPARE_FORWARD_ variables.",
        );
      }
    },
    counts: () => forwarders.map((forwarder) => forwarder.counts()),
    close: async (millis) => {
      await Promise.all(forwarders.map((forwarder) => forwarder.close(millis)));
    },
  };
}

function readNames({ headers }: ReceivedRequest): string[] {
  const names = headers[forwardedBy];
  return (Array.isArray(names) ? names.join(",") : (names ?? ""))
    .split(",")
    .flatMap((name) => name.trim() || []);
}
