import { connect, createServer, type Socket } from "node:net";

/**
 * Lets other containers reach a server that listens on loopback only, as the embedded ones do.
 *
 * @returns ends the listener and its connections
 */
export function listenEverywhere(port: number, loopbackPort: number, onListening: () => void): () => void {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(loopbackPort, "127.0.0.1");
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.once("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  listener.listen(port, "0.0.0.0", onListening);
  return () => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  };
}
