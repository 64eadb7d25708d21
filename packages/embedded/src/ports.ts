import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

const host = "127.0.0.1";

/**
 * Below the range from which the kernel takes the port of every outgoing connection and of every listen on port 0
 * (Linux: from 32768, https://docs.kernel.org/networking/ip-sysctl.html#ip-variables; elsewhere from 49152). In that
 * range a port that is free now can be anybody's a moment later.
 */
const range = { first: 20_000, end: 25_000 };

/**
 * A TCP port of 127.0.0.1 for a server that has to be told its port before it listens, or that comes back on it.
 * Nobody listens on it, and as long as this process lives no other call gets it, in no process.
 *
 * @throws Error when a hundred ports in a row are taken
 */
export async function claimPort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(range.first, range.end);
    // Claimed first: to try a port that is another's would keep its server from listening for a moment.
    if ((await claim(port)) && (await isPortFree(port))) return port;
  }
  throw new Error(`No free port was found on ${host} between ${range.first} and ${range.end}.`);
}

/** Whether a server could listen on this TCP port of 127.0.0.1 right now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** The claim is the UDP port of the same number: the kernel gives it to one process and takes it back at its end. */
function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4").unref();
    socket.once("error", () => resolve(false));
    socket.bind({ port, address: host, exclusive: true }, () => resolve(true));
  });
}
