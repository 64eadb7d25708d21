import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A network between amqplib and its broker that loses what the broker answers. */
export interface DeafProxy {
  readonly url: string;
  /** From now on the broker hears everything, and nothing comes back. */
  swallowAnswers(): void;
  reset(): void;
  close(): void;
}

export async function openDeafProxy(targetUrl: string): Promise<DeafProxy> {
  const target = new URL(targetUrl);
  const [host, port] = [target.hostname, Number(target.port) || 5672];
  const clients = new Set<Socket>();
  let swallows = false;
  const server = createServer((client) => {
    clients.add(client.on("error", () => {}));
    const broker = connect(port, host).on("error", () => {});
    client.pipe(broker);
    broker.on("data", (chunk: Buffer) => {
      if (!swallows) client.write(chunk);
    });
    client.on("close", () => broker.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  target.hostname = "127.0.0.1";
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    swallowAnswers: () => (swallows = true),
    reset: () => {
      for (const client of clients) client.resetAndDestroy();
    },
    close: () => server.close(),
  };
}
