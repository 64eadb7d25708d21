import { isSpanContextValid, trace } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import type { Sampler, SamplingResult } from "@opentelemetry/sdk-trace";
import {
  BridgeTraceState,
  deriveSampleRand,
  formatSampleRand,
  readStranger,
  readTraceState,
  readTraceStateHeader,
} from "../trace-state/index.ts";
import type { Dsc, Segment, TraceInfo } from "../trace-state/index.ts";
import { isHealthRequest } from "./health-paths.ts";
import type { FindRule, PreparedRule } from "./rules.ts";
import { readPath } from "./sampled-span.ts";
import type { SampledSpan } from "./sampled-span.ts";

export interface SamplerOptions {
  /** The sampler of `OTEL_TRACES_SAMPLER`; absent when neither OTLP nor the console gets spans. */
  readonly otlp?: Sampler;
  /** Absent when Sentry gets no spans. */
  readonly sentry?: {
    readonly tracesSampleRate: number;
    /** Whether Sentry is to have nothing of what begins with this span, also when its parent was sampled. */
    readonly ignores?: (span: SampledSpan) => boolean;
  };
  /** The rule that is found sets the rates where no parent has decided. Default: none. */
  readonly findRule?: FindRule;
  /** Requests to these paths are left out as probes are; more may be added at any time. Default: none. */
  readonly untracedPaths?: ReadonlySet<string>;
  /** Spans that no back end samples are recorded nevertheless, for the exceptions they may record. Default false. */
  readonly recordForErrors?: boolean;
}

/** What a sampler is asked. */
type Question = Parameters<Sampler["shouldSample"]>;

/**
 * One head decision per trace and per back end, each independent of the other, taken where this process enters the
 * trace and inherited by everything below. RECORD_AND_SAMPLED exactly when OTLP samples, so that batch processors skip
 * what they must and `traceparent` carries OTLP's flag; RECORD when only Sentry does; NOT_RECORD otherwise, unless
 * `recordForErrors` asks for RECORD.
 */
export function createSampler(options: SamplerOptions): Sampler {
  return new BackEndSampler(options);
}

class BackEndSampler implements Sampler {
  readonly #options: SamplerOptions;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  shouldSample(...question: Question): SamplingResult {
    const [context, traceId, name, kind, attributes] = question;
    const parent = trace.getSpanContext(context);
    const known = parent && isSpanContextValid(parent) ? parent : undefined;
    const state = readTraceState(known);
    if (known && state?.segment && !known.isRemote) return { decision: this.#decide(state.segment) };
    const span = { name, kind, attributes };
    const health = isHealthRequest(span) || this.#isUntraced(span);
    const sentryIgnored = !health && this.#isIgnoredForSentry(span);
    const rule = health ? undefined : this.#options.findRule?.(span);
    const before = state?.info ?? createTraceInfo(traceId, readStranger(parent));
    const { info, localSampleRate } =
      health || sentryIgnored ? { info: decline(before) } : this.#decideForSentry(before, rule);
    const segment: Segment = {
      info,
      kind,
      otlp: !health && this.#isOtlpSampled(question, info, rule),
      sentry: this.#options.sentry !== undefined && info.sampled === true,
      ...(localSampleRate !== undefined && { localSampleRate }),
      ...(health && { ignored: true }),
      ...(sentryIgnored && { sentryIgnored }),
    };
    const traceState = new BridgeTraceState(info, state?.entries ?? readForeignEntries(known), segment);
    return { decision: this.#decide(segment), traceState };
  }

  toString(): string {
    const { otlp, sentry } = this.#options;
    return `BackEndSampler{otlp=${otlp?.toString() ?? "off"}, sentry=${sentry?.tracesSampleRate ?? "off"}}`;
  }

  #isUntraced(span: SampledSpan): boolean {
    const { untracedPaths } = this.#options;
    if (!untracedPaths || untracedPaths.size === 0) return false;
    const path = readPath(span);
    return path !== undefined && untracedPaths.has(path);
  }

  #isIgnoredForSentry(span: SampledSpan): boolean {
    try {
      return this.#options.sentry?.ignores?.(span) === true;
    } catch {
      // A pattern may be a function of the application; an exception here would reach the application.
      return false;
    }
  }

  #decideForSentry(
    info: TraceInfo,
    rule: PreparedRule | undefined,
  ): { info: TraceInfo; localSampleRate?: number } {
    if (!this.#options.sentry || info.sampled !== undefined) return { info };
    const rate = rule?.sentry ?? this.#options.sentry.tracesSampleRate;
    const sampled = info.sampleRand < rate;
    const frozenDsc = info.frozenDsc && withDecision(info.frozenDsc, info.sampleRand, rate, sampled);
    return {
      info: { ...info, sampled, sampleRate: rate, ...(frozenDsc && { frozenDsc }) },
      localSampleRate: rate,
    };
  }

  #decide({ otlp, sentry, ignored }: Segment): SamplingDecision {
    if (otlp) return SamplingDecision.RECORD_AND_SAMPLED;
    const isRecorded = sentry || (this.#options.recordForErrors === true && ignored !== true);
    return isRecorded ? SamplingDecision.RECORD : SamplingDecision.NOT_RECORD;
  }

  #isOtlpSampled(
    [context, traceId, ...details]: Question,
    info: TraceInfo,
    rule: PreparedRule | undefined,
  ): boolean {
    if (!this.#options.otlp) return false;
    // A parent that left the decision open is no parent to follow: a parent-based sampler asks its root sampler.
    const asked = info.otelDeferred ? trace.deleteSpan(context) : context;
    const parent = trace.getSpanContext(asked);
    const hasParent = parent !== undefined && isSpanContextValid(parent);
    const sampler = (hasParent ? undefined : rule?.otlpSampler) ?? this.#options.otlp;
    try {
      const result = sampler.shouldSample(asked, info.samplingTraceId ?? traceId, ...details);
      return result.decision === SamplingDecision.RECORD_AND_SAMPLED;
    } catch {
      // An exception here would reach the application; a span that is not recorded does no harm.
      return false;
    }
  }
}

function createTraceInfo(traceId: string, otherParent: SpanContext | undefined): TraceInfo {
  const undecided = { sampled: undefined, sampleRate: undefined, sampleRand: deriveSampleRand(traceId) };
  return { traceId, ...undecided, ...(otherParent && { otherParent }) };
}

/** Services further on are told as well, in the flag and in the context alike. */
function decline(info: TraceInfo): TraceInfo {
  const { frozenDsc } = info;
  const hasDsc = frozenDsc !== undefined && Object.keys(frozenDsc).length > 0;
  return { ...info, sampled: false, ...(hasDsc && { frozenDsc: { ...frozenDsc, sampled: "false" } }) };
}

/** A context that arrived undecided gets our decision; one that never existed is not invented. */
function withDecision(dsc: Dsc, sampleRand: number, rate: number, sampled: boolean): Dsc {
  if (Object.keys(dsc).length === 0) return dsc;
  return {
    ...dsc,
    sample_rand: dsc["sample_rand"] ?? formatSampleRand(sampleRand),
    sample_rate: String(rate),
    sampled: String(sampled),
  };
}

function readForeignEntries(parent: SpanContext | undefined): ReadonlyMap<string, string> | undefined {
  const header = parent?.traceState?.serialize();
  return header ? readTraceStateHeader([header]) : undefined;
}
