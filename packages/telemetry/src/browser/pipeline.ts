import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import type { Resource } from "@opentelemetry/resources";
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { enrichSpan, readBusinessIds } from "../business-context/index.ts";
import { describeThrown } from "../problems/index.ts";
import type { Reporter } from "../problems/index.ts";
import { createTargetSampler } from "../propagation/index.ts";
import type { TargetTest } from "../propagation/targets.ts";
import { createSampler } from "../sampling/index.ts";
import { createScrubber, SpanDoor } from "../scrubbing/index.ts";
import { linkOtherParent } from "../trace-state/index.ts";
import { ConsoleSink } from "./export/console-sink.ts";
import { OtlpSink } from "./export/otlp-sink.ts";
import type { BrowserSink } from "./export/sink.ts";
import type { OpenSpans } from "./open-spans.ts";
import type { BrowserTelemetryOptions } from "./options.ts";
import type { PageConfig } from "./page-config.ts";
import { startBrowserSentry } from "./sentry/index.ts";
import type { PageContextManager } from "./trace/page-context-manager.ts";
import type { BrowserPost, BrowserSentry } from "./types.ts";

/** As in a service: https://opentelemetry.io/docs/specs/otel/common/#attribute-limits leaves it open. */
const MAX_TEXT_LENGTH = 4_096;

export interface PipelineParts {
  readonly config: PageConfig;
  readonly options: BrowserTelemetryOptions;
  readonly businessKeys: ReadonlySet<string>;
  readonly contexts: PageContextManager;
  readonly openSpans: OpenSpans;
  readonly user: PageUser;
  readonly isTarget: TargetTest;
  readonly post: BrowserPost;
  readonly reportOnce: Reporter["once"];
}

/** Who uses the page; nobody knows until the application says it. */
export interface PageUser {
  id?: string;
}

export interface BrowserPipeline {
  /** Absent where no back end gets spans. */
  readonly provider: TracerProvider | undefined;
  readonly spanDoor: SpanDoor;
  readonly sinks: readonly BrowserSink[];
  readonly sentry: BrowserSentry | undefined;
  readonly sendsSpansToSentry: boolean;
}

/** Everything between a span and the server. */
export function createPipeline(parts: PipelineParts): BrowserPipeline {
  const { config, businessKeys, openSpans, isTarget, user, reportOnce } = parts;
  const scrubber = createScrubber({ businessKeys, maxTextLength: MAX_TEXT_LENGTH });
  const sentry = startSentry(parts);
  const sendsSpansToSentry = sentry !== undefined && config.sentry?.spans === true;
  const sinks = createSinks(parts);
  // Also where Sentry gets no spans it is to have the exceptions that they record.
  const isWatched = sentry !== undefined && (sendsSpansToSentry || sinks.length > 0);
  const behindDoor: SpanProcessor[] = [...sinks, ...(isWatched ? [sentry.spanProcessor] : [])];
  const spanDoor = new SpanDoor({
    sinks: behindDoor,
    scrubber,
    enrich: (span, parentContext) => {
      linkOtherParent(span);
      enrichSpan(span, parentContext, businessKeys);
      if (user.id !== undefined) span.setAttribute("user.id", user.id);
    },
    reportOnce,
  });
  const sampler = createSampler({
    recordForErrors: config.sentry?.errors === true,
    otlp: createOtlpSampler(config),
    ...(sendsSpansToSentry &&
      config.sentry && {
        sentry: {
          tracesSampleRate: config.sentry.tracesSampleRate,
          ignores: (span) => sentry.ignoresSegment(span),
        },
      }),
  });
  const provider = new TracerProvider({
    resource: createPageResource(config),
    sampler: createTargetSampler(sampler, isTarget),
    spanLimits: { attributeValueLengthLimit: MAX_TEXT_LENGTH },
    spanProcessors: [openSpans, spanDoor],
  });
  return {
    provider: behindDoor.length > 0 ? provider : undefined,
    spanDoor,
    sinks,
    sentry,
    sendsSpansToSentry,
  };
}

function createSinks({ config, post, reportOnce }: PipelineParts): BrowserSink[] {
  return [
    ...(config.otlp ? [new OtlpSink({ path: config.otlp.url, post, reportOnce })] : []),
    ...(config.console === true ? [new ConsoleSink()] : []),
  ];
}

/**
 * Also where OTLP gets nothing of the page, its decision is passed on, or taken for as many traces as Sentry gets: the
 * services that the page calls follow it, and may send to OTLP what the page does not.
 */
function createOtlpSampler({ otlp, sentry }: PageConfig): ParentBasedSampler {
  const ratio = otlp?.sampleRate ?? sentry?.tracesSampleRate ?? 1;
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
}

function startSentry(parts: PipelineParts): BrowserSentry | undefined {
  const { config, options, businessKeys, contexts, post, reportOnce } = parts;
  if (!config.sentry) return undefined;
  try {
    return startBrowserSentry(config, {
      ...(options.hooks && { hooks: options.hooks }),
      businessKeys,
      readBusinessContext: (context) => readBusinessIds(context, businessKeys),
      reportOnce,
      post,
      getPageContext: () => contexts.pageContext,
    });
  } catch (problem) {
    reportOnce("start-failed:sentry", `Sentry gets nothing of this page: ${describeThrown(problem)}`);
    return undefined;
  }
}

function createPageResource({ serviceName, release, environment }: PageConfig): Resource {
  const own = resourceFromAttributes({
    "service.name": serviceName,
    ...(release !== undefined && { "service.version": release }),
    ...(environment !== undefined && { "deployment.environment.name": environment }),
    // https://opentelemetry.io/docs/specs/semconv/resource/browser/
    "user_agent.original": navigator.userAgent,
  });
  return defaultResource().merge(own);
}
