import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCompareServer, type CompareServerOptions } from "../src/server/create-compare-server.ts";
import { openTraceStore } from "../src/store/store.ts";

export interface RunningServer {
  url: string;
  /** Sends the address as it is; `fetch` would tidy it up. */
  ask(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<PlainAnswer>;
  /** Ends what has no end, then waits until every connection has. */
  close(): Promise<void>;
}

interface PlainAnswer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

const limits = { maxBytes: 256 * 1024 * 1024, maxItems: 500_000, maxAgeMillis: Infinity };

/** The compare server in this process, over a store in memory. */
export async function startServer(options: CompareServerOptions = {}): Promise<RunningServer> {
  const store = await openTraceStore({
    limits,
    onCrash: (error) => process.stderr.write(`${error.stack}\n`),
    onNotice: () => undefined,
  });
  const compare = createCompareServer(store, options);
  const server = createServer(compare.listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ask: async (path, { method, headers } = {}) => {
      const request = get({ port, host: "127.0.0.1", path, method, headers });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return {
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      };
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      compare.endStreams();
      server.closeIdleConnections();
      await closed;
      await Promise.all([compare.close(), store.close()]);
    },
  };
}

/** A folder that goes away with the tests. */
export async function makeFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "compare-pages-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
