import { addBreadcrumb, dsnToString, getIsolationScope } from "@sentry/core";
import { describeThrown } from "../../problems/index.ts";
import { createBridgeCore } from "../../sentry/bridge-core.ts";
import type { BridgeCore } from "../../sentry/bridge-core.ts";
import { Ledger } from "../../sentry/client/ledger.ts";
import { ClientShutdown, flushClient } from "../../sentry/client/shutdown.ts";
import type { StartedClient } from "../../sentry/client/shutdown.ts";
import { readStats } from "../../sentry/client/stats.ts";
import { readScrubbing } from "../../sentry/spans/shared-attributes.ts";
import { SentrySpanProcessor } from "../../sentry/spans/span-processor.ts";
import type { KeptText } from "../../sentry/spans/span-store.ts";
import type { SentryOptions } from "../../sentry/types.ts";
import type { PageConfig } from "../page-config.ts";
import type { BrowserSentry, BrowserSentrySurroundings, FlushOptions } from "../types.ts";
import { Breadcrumbs } from "./breadcrumbs.ts";
import { EncodedTexts } from "./encoded-texts.ts";
import { createOptions } from "./options.ts";
import { PageProcessor } from "./page-processor.ts";
import { installPageScopes, readPageScopes } from "./page-scopes.ts";
import { PageSender } from "./page-sender.ts";
import { createPageSurroundings } from "./page-surroundings.ts";
import { startPageClient } from "./start-client.ts";
import { WebVitals } from "./web-vitals.ts";

const DEFAULT_TIMEOUT_MILLIS = 5_000;
/** So often in so long a time a hidden page sends at once. */
const MAX_BURST = 10;
const BURST_MILLIS = 10_000;
/** Of the spans in one envelope, so that it may outlive its page with others. */
const MAX_SPAN_BYTES = 24_000;

/**
 * Connects the OpenTelemetry of a page to one Sentry project, with the parts of the bridge in Node. It installs itself as
 * Sentry's client of the page.
 * @throws TypeError when the configuration names no project
 */
export function startBrowserSentry(
  config: PageConfig,
  surroundings: BrowserSentrySurroundings,
): BrowserSentry {
  const { sentry } = config;
  if (!sentry) throw new TypeError("The page's configuration has no member sentry.");
  const options = createOptions(config, sentry, surroundings);
  const ledger = new Ledger();
  const ending: Ending = { isNow: false };
  const isLast = (): boolean => ending.isNow || document.visibilityState === "hidden";
  const sender = new PageSender({ post: surroundings.post, path: sentry.tunnel, isLast });
  const guard = createGuard(surroundings.reportOnce);
  const breadcrumbs = new Breadcrumbs(guard);
  const started = startPageClient(options, { ledger, sender, breadcrumbs, tunnel: sentry.tunnel });
  const { client, transport } = started;
  installPageScopes();
  const core = createCore(started, ledger, options);
  const shutdown = (timeoutMillis: number) => clientShutdown.start(timeoutMillis);
  const inner = createProcessor(core, { client, ledger, options, shutdown });
  const clientShutdown = new ClientShutdown(started, [inner]);
  const drainSoon = createEagerDrain(() => core.buffer.drain());
  const vitals = new WebVitals(surroundings.getPageContext, guard);
  if (sentry.spans) vitals.start();
  return {
    spanProcessor: new PageProcessor({
      inner,
      breadcrumbs,
      onPageLoad: (span) => (vitals.pageLoad ??= span),
      onEnded: () => isLast() && drainSoon(),
    }),
    dscSource: core.dscSource,
    ignoresSegment: (span) => core.ignored.ignoresStarted(span, true),
    captureError: (error, details = {}) => core.errors.capture(error, details),
    addBreadcrumb: ({ data, ...crumb }) => addBreadcrumb({ ...crumb, ...(data && { data: { ...data } }) }),
    setUser: (user) => getIsolationScope().setUser(user ? { id: user.id } : null),
    stats: () => readStats(ledger, transport),
    flush: (flushOptions) => flush(client, ending, flushOptions),
    shutdown,
  };
}

/**
 * Sends what ends in a page that is hidden at once, as nothing may come after it. But a page may work for hours where nobody
 * sees it: what ends there all the time is collected as it is elsewhere.
 */
function createEagerDrain(drain: () => void): () => void {
  let begin = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - begin > BURST_MILLIS) {
      begin = now;
      count = 0;
    }
    count += 1;
    if (count <= MAX_BURST) queueMicrotask(drain);
  };
}

/** Whether the page is being hidden, though it may not say so yet. */
interface Ending {
  isNow: boolean;
}

async function flush(
  client: StartedClient["client"],
  ending: Ending,
  { timeoutMillis, isLast }: FlushOptions,
): Promise<void> {
  if (!isLast) return flushClient(client, timeoutMillis);
  ending.isNow = true;
  client.emit("flush");
  // What was handed over now is sent when the current task is done.
  setTimeout(() => (ending.isNow = false));
}

function createGuard(reportOnce: BrowserSentrySurroundings["reportOnce"]): (work: () => void) => void {
  return (work) => {
    try {
      work();
    } catch (problem) {
      reportOnce(
        "processing:sentry",
        `Something in the page could not be told to Sentry: ${describeThrown(problem)}`,
      );
    }
  };
}

function createCore(
  { client, transport }: StartedClient,
  ledger: Ledger,
  options: SentryOptions,
): BridgeCore<KeptText> {
  const dsn = client.getDsn();
  return createBridgeCore({
    client,
    transport,
    ledger,
    options,
    surroundings: createPageSurroundings(),
    scrubbing: readScrubbing(options),
    store: new EncodedTexts(),
    maxSpanBytes: MAX_SPAN_BYTES,
    // By it a tunnel knows the project.
    ...(dsn && { header: { dsn: dsnToString(dsn) } }),
  });
}

interface ProcessorParts {
  readonly client: StartedClient["client"];
  readonly ledger: Ledger;
  readonly options: SentryOptions;
  readonly shutdown: (timeoutMillis: number) => Promise<void>;
}

function createProcessor(
  core: BridgeCore<KeptText>,
  { shutdown, ...parts }: ProcessorParts,
): SentrySpanProcessor {
  const scopes = readPageScopes();
  return new SentrySpanProcessor({
    ...parts,
    ...core,
    forceFlush: () => flushClient(parts.client, DEFAULT_TIMEOUT_MILLIS),
    shutdown: () => shutdown(DEFAULT_TIMEOUT_MILLIS),
    chooseScopes: () => scopes,
    checkSetUp: () => {},
  });
}
