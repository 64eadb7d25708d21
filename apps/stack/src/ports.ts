import { createServer } from "node:net";
import { StackError } from "./options.ts";

const host = "127.0.0.1";

/** A port that nobody listens on right now. */
export async function findFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new StackError("No free port could be had on 127.0.0.1.");
  return port;
}

/**
 * @throws StackError that names every busy port, its variable and the way out
 */
export async function checkPortsAreFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const busy: string[] = [];
  for (const [variable, port] of Object.entries(ports)) {
    if ((await listenOnce(port)) === undefined) busy.push(`  ${variable}=${port}`);
  }
  if (busy.length === 0) return;
  throw new StackError(
    `These ports are taken by another program:\n${busy.join("\n")}\n` +
      "Fix: end that program (perhaps an earlier npm start; `lsof -i :PORT` names it), " +
      `or choose another port, for example ${Object.keys(ports)[0]}=9006 npm start.`,
  );
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
