import { createServer, type Server } from "node:http";
import { ConfigError, readCompareConfig, type CompareConfig } from "./config.ts";
import { createCompareServer } from "./server.ts";
import { openTraceStore, type TraceStore } from "./store/store.ts";

try {
  await main();
} catch (error) {
  process.stderr.write(`compare: ${describeFailure(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readCompareConfig(process.env);
  const store = openTraceStore({ file: config.storeFile, maxBytes: config.maxStoreBytes });
  const server = createServer(createCompareServer(store));
  const url = await listen(server, config);
  process.stdout.write(`compare receives Sentry envelopes and OTLP at ${url}\n`);
  process.send?.({ type: "ready", url });
  const stop = (): void => void close(server, store);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  // The stack that started this process has gone.
  if (process.send) process.once("disconnect", stop);
}

async function listen(server: Server, { port, host }: CompareConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return `http://${host}:${typeof address === "object" && address ? address.port : port}`;
}

async function close(server: Server, store: TraceStore): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    // Keep-alive connections of exporters would hold the server open for ever; requests under way are finished.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
  await store.close();
  process.exit(0);
}

function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `${error.message}. Fix: end the program that uses this port, or set PORT to another one.`;
  }
  return error instanceof Error ? error.message : String(error);
}
