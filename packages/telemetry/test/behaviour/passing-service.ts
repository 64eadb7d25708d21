// A service between two neighbours that nothing instruments: it passes each request on. Says which headers it sent.
// FIXTURE_REQUESTS: a list of paths and header lines, as JSON.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { getTelemetry } from "@tracebridge/telemetry";

type Request = readonly [path: string, lines: readonly string[]];
const requests = JSON.parse(process.env["FIXTURE_REQUESTS"] ?? "[]") as Request[];
const passedOn: Record<string, Record<string, string>> = {};

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Keeps the header lines of a request, each by its name. */
function keep(head: string): void {
  const [first = "", ...lines] = head.split("\r\n");
  passedOn[first.split(" ")[1] ?? ""] = Object.fromEntries(
    lines.filter((line) => line !== "").map((line) => line.split(/: (.*)/s).slice(0, 2)),
  ) as Record<string, string>;
}

const behind = createSocketServer((socket) => {
  let head = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    head += chunk;
    if (!head.includes("\r\n\r\n")) return;
    keep(head);
    socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
  });
});
const behindPort = await listen(behind);

const service = createServer((request, response) => {
  const pass = async (): Promise<void> => {
    await fetch(`http://127.0.0.1:${behindPort}${request.url}`);
    response.end();
  };
  void pass();
});
const port = await listen(service);

for (const [path, lines] of requests) {
  const socket = connect(port, "127.0.0.1").resume();
  socket.write([`GET ${path} HTTP/1.1`, "host: service", "connection: close", ...lines, "", ""].join("\r\n"));
  await once(socket, "close");
}
service.close();
behind.close();
await getTelemetry()?.shutdown();
console.log(JSON.stringify({ passedOn }));
