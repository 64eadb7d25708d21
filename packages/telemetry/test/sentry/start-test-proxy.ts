import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

/**
 * What happens to connections: `pass` lets all through, `hang` says nothing, `cut` closes in the middle of an answer,
 * `drip` sends an endless answer byte by byte, `once` resets a connection that is used again.
 */
export type ProxyMode = "pass" | "hang" | "cut" | "drip" | "once";

export interface TestProxy {
  readonly url: string;
  mode: ProxyMode;
  /** How many connections there have been. */
  connections: number;
}

/** A network in front of a server that fails as the test wants; it ends with the test. */
export async function startTestProxy(targetPort: number, mode: ProxyMode): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    proxy.connections += 1;
    keep(client);
    let hasAnswered = false;
    client.on("data", (chunk) => {
      if (proxy.mode === "hang") return;
      if (proxy.mode === "once" && hasAnswered) client.resetAndDestroy();
      else if (proxy.mode === "drip") startDrip(client);
      else upstream.write(chunk);
    });
    const upstream = keep(connect(targetPort, "127.0.0.1"));
    upstream.on("data", (chunk) => {
      hasAnswered = true;
      if (proxy.mode === "cut") client.end(chunk.subarray(0, 20));
      else client.write(chunk);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const proxy: TestProxy = { url: `http://127.0.0.1:${port}`, mode, connections: 0 };
  return proxy;
}

function startDrip(client: Socket): void {
  client.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
  const drip = setInterval(() => client.write("."), 5);
  client.on("close", () => clearInterval(drip));
}
