import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordingServer {
  readonly url: string;
  /** The headers of each request, by its path. */
  readonly headers: Readonly<Record<string, IncomingHttpHeaders>>;
  close(): void;
}

/** A server without telemetry, which keeps what it was sent. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const headers: Record<string, IncomingHttpHeaders> = {};
  const server = createServer((request, response) => {
    headers[decodeURIComponent(request.url ?? "")] = request.headers;
    response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
