import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

/** One request as it came in. */
export interface WireRequest {
  /** Number of its connection, and its number on it; both from 1. */
  readonly connection: number;
  readonly number: number;
  readonly body: string;
  /** How many requests of its connection have no answer yet, itself included. */
  readonly waiting: number;
  /** Answers; `head` is the status with header lines, if any, and the protocol if it is not HTTP/1.1. */
  reply(head?: string): void;
  readonly socket: Socket;
}

export interface WireServer {
  readonly url: string;
  readonly requests: readonly WireRequest[];
  readonly connections: number;
  /** What happens to each request. */
  onRequest: (request: WireRequest) => void;
}

/** A server that sees requests one by one as they come over the wire, and does with its connections what the test wants. */
export async function startWireServer(): Promise<WireServer> {
  const sockets = new Set<Socket>();
  const requests: WireRequest[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const connection = sockets.size;
    let [number, waiting, bytes] = [0, 0, Buffer.alloc(0)];
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let body = takeBody(); body !== undefined && !socket.destroyed; body = takeBody()) {
        number += 1;
        waiting += 1;
        const reply = (head = "200 OK"): void => {
          waiting -= 1;
          const line = head.startsWith("HTTP/") ? head : `HTTP/1.1 ${head}`;
          socket.write(`${line}\r\ncontent-length: 2\r\n\r\n{}`);
        };
        const request = { connection, number, body, waiting, reply, socket };
        requests.push(request);
        started.onRequest(request);
      }
    });
    const takeBody = (): string | undefined => {
      const start = bytes.indexOf("\r\n\r\n") + 4;
      const length = Number(/content-length: (\d+)/.exec(bytes.toString("latin1", 0, start))?.[1]);
      if (start < 4 || bytes.length < start + length) return undefined;
      const body = bytes.toString("utf8", start, start + length);
      bytes = bytes.subarray(start + length);
      return body;
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const started = {
    url: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return sockets.size;
    },
    onRequest: (request: WireRequest) => request.reply(),
  };
  return started;
}
