import type { Server } from "node:http";
import { ConfigError } from "./config-error.ts";
import { readCompareConfig, type CompareConfig } from "./config.ts";
import { createForwarding, type Forwarding } from "./forward/forwarding.ts";
import { createHttpServer } from "./http-server.ts";
import { openConfiguredSources } from "./server/configured-sources.ts";
import { createCompareServer, type CompareServer } from "./server/create-compare-server.ts";
import { openTraceStore, type TraceStore } from "./store/store.ts";

/** Requests under way at the end may take this long. */
const drainMillis = 1000;
/** What waits to be forwarded may take this long, after that. */
const forwardMillis = 3000;

try {
  await main();
} catch (error) {
  fail(describeFailure(error));
}

async function main(): Promise<void> {
  const config = readCompareConfig(process.env);
  const configured = openConfiguredSources(process.env);
  const store = await openStore(config);
  const forwarding = createForwarding(config.destinations, tell);
  const compare = createCompareServer(store, { ...configured, forwarding });
  const server = createHttpServer(compare.listener);
  const url = await listen(server, config);
  process.stdout.write(`compare receives Sentry envelopes and OTLP at ${url}\n`);
  for (const { to } of forwarding.counts()) process.stdout.write(`compare forwards to ${to}\n`);
  process.send?.({ type: "ready", url });
  let closing: Promise<void> | undefined;
  const stop = (): void => void (closing ??= close(server, { compare, forwarding, store }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
  // The stack that started this process has gone.
  if (process.send) process.once("disconnect", stop);
}

async function openStore({ storeFile, storeLimits }: CompareConfig): Promise<TraceStore> {
  const onCrash = (error: Error): void =>
    fail(`the store broke down: ${error.message}. Start compare again.`);
  try {
    return await openTraceStore({ file: storeFile, limits: storeLimits, onCrash, onNotice: tell });
  } catch (cause) {
    if (storeFile === undefined) throw cause;
    throw new ConfigError(
      `COMPARE_STORE="${storeFile}" cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        "Fix: name a new file, or one that compare made, in a folder that it may write to; one compare at a time " +
        "may use it.",
    );
  }
}

async function listen(server: Server, { port, host }: CompareConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${typeof address === "object" && address ? address.port : port}`;
}

interface Parts {
  compare: CompareServer;
  forwarding: Forwarding;
  store: TraceStore;
}

async function close(server: Server, { compare, forwarding, store }: Parts): Promise<void> {
  try {
    await new Promise((resolve) => {
      server.close(resolve);
      compare.endStreams();
      // Keep-alive connections of exporters would hold the server open for ever; requests under way are finished.
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), drainMillis).unref();
    });
    await Promise.all([compare.close(), store.close(), forwarding.close(forwardMillis)]);
    process.exit(0);
  } catch (error) {
    fail(describeFailure(error));
  }
}

function tell(message: string): void {
  process.stderr.write(`compare: ${message}\n`);
}

function fail(message: string): never {
  tell(message);
  process.exit(1);
}

function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && "code" in error) {
    if (error.code === "EADDRINUSE") {
      return `${error.message}. Fix: end the program that uses this port, or set PORT to another one.`;
    }
    if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND" || error.code === "EACCES") {
      return `${error.message}. Fix: set HOST to an address of this machine and PORT to one you may listen on.`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}
