import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** The sockets of one exporter, so that a stuck export can be ended. */
export interface OtlpConnection {
  createAgent(protocol: string): HttpAgent | HttpsAgent;
  /** Closes the sockets in use; an export that shares the exporter and has time left is sent again by its retry. */
  abort(): void;
}

export function createOtlpConnection(): OtlpConnection {
  let agent: HttpAgent | HttpsAgent | undefined;
  return {
    createAgent(protocol) {
      agent =
        protocol === "https:" ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
      return agent;
    },
    abort() {
      for (const sockets of Object.values(agent?.sockets ?? {})) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}
