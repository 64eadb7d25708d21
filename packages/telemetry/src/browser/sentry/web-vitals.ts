import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span } from "@opentelemetry/api";
import { onCLS, onINP, onLCP } from "web-vitals";
import type { CLSMetric, INPMetric, LCPMetric, MetricType } from "web-vitals";
import { describeElement } from "../instrumentation/describe-element.ts";

const TRACER_NAME = "@tracebridge/instrumentation-web-vitals";
/** A minute: what takes longer was measured while nobody looked. */
const MAX_MILLIS = 60_000;

/** The kinds of interactions by the events that make them. */
const INTERACTIONS: readonly (readonly [pattern: RegExp, type: keyof typeof INTERACTION_NAMES])[] = [
  [/^(?:drag|drop)/, "drag"],
  [/^(?:key|input)/, "press"],
  [/(?:over|out|enter|leave)$/, "hover"],
];
const INTERACTION_NAMES = { click: "Click", drag: "Drag", hover: "Hover", press: "Press" };

interface Vital {
  readonly name: string;
  readonly op: string;
  readonly metric: MetricType;
  readonly attributes: Attributes;
  /** In milliseconds since the begin of the navigation. */
  readonly start: number;
  readonly millis: number;
}

/**
 * Reports how long the page took to show its largest part and to answer its user, and how much it moved, each as a span of
 * its page load, as Sentry's own SDK does: when the value is final, which is at the first input or when the page is hidden.
 */
export class WebVitals {
  /** Of the page view that the browser loaded. */
  pageLoad: Span | undefined;
  readonly #getPageContext: () => Context;
  readonly #guard: (work: () => void) => void;

  constructor(getPageContext: () => Context, guard: (work: () => void) => void) {
    this.#getPageContext = getPageContext;
    this.#guard = guard;
  }

  start(): void {
    onLCP((metric) => this.#guard(() => this.#report(readLcp(metric))));
    onCLS((metric) => this.#guard(() => this.#report(readCls(metric))));
    this.#watchInp();
  }

  /**
   * web-vitals looks at interactions when the page is idle. By itself it does not report those that it gets to only as the
   * page is hidden: who clicks and leaves would not be counted. So it tells every change, and the last one is the value.
   */
  #watchInp(): void {
    let latest: INPMetric | undefined;
    onINP((metric) => (latest = metric), { reportAllChanges: true });
    // After all listeners of web-vitals, which are called in the capturing phase.
    globalThis.addEventListener("visibilitychange", () => {
      const metric = latest;
      if (document.visibilityState !== "hidden" || !metric) return;
      latest = undefined;
      this.#guard(() => this.#report(readInp(metric)));
    });
  }

  #report({ name, op, metric, attributes, start, millis }: Vital): void {
    if (millis < 0 || millis > MAX_MILLIS) return;
    // A page that the browser had kept is a view of its own, the current one.
    const isLoaded = metric.navigationType !== "back-forward-cache" && this.pageLoad !== undefined;
    const parent = isLoaded ? trace.setSpan(ROOT_CONTEXT, this.pageLoad as Span) : this.#getPageContext();
    const options = {
      startTime: start,
      attributes: {
        "sentry.op": op,
        "sentry.exclusive_time": 0,
        [`browser.web_vital.${metric.name.toLowerCase()}.value`]: metric.value,
        "browser.navigation.type": metric.navigationType,
        ...(isLoaded && { "sentry.pageload.span_id": this.pageLoad?.spanContext().spanId }),
        ...attributes,
      },
    };
    trace
      .getTracer(TRACER_NAME)
      .startSpan(name, options, parent)
      .end(start + millis);
  }
}

function readLcp(metric: LCPMetric): Vital {
  const entry = metric.entries.at(-1);
  const attributes = entry && {
    ...(entry.element && { "browser.web_vital.lcp.element": describeElement(entry.element) }),
    ...(entry.id && { "browser.web_vital.lcp.id": entry.id }),
    // Others hold the picture itself, or lead nowhere.
    ...(/^https?:/.test(entry.url) && { "browser.web_vital.lcp.url": entry.url.split("#", 1)[0] }),
    "browser.web_vital.lcp.load_time": entry.loadTime,
    "browser.web_vital.lcp.render_time": entry.renderTime,
    "browser.web_vital.lcp.size": entry.size,
  };
  const named = { name: "Largest contentful paint", op: "ui.webvital.lcp" };
  return { ...named, metric, attributes: { ...attributes }, start: 0, millis: metric.value };
}

function readCls(metric: CLSMetric): Vital {
  const entry = metric.entries.at(-1);
  const sources = (entry?.sources ?? []).flatMap(({ node }, index) =>
    node instanceof Element
      ? [[`browser.web_vital.cls.source.${index + 1}`, describeElement(node)] as const]
      : [],
  );
  const named = { name: "Layout shift", op: "ui.webvital.cls" };
  return {
    ...named,
    metric,
    attributes: Object.fromEntries(sources),
    start: entry?.startTime ?? 0,
    millis: 0,
  };
}

function readInp(metric: INPMetric): Vital {
  const entry = metric.entries.find(({ duration }) => duration === metric.value) ?? metric.entries.at(0);
  const type = INTERACTIONS.find(([pattern]) => pattern.test(entry?.name ?? ""))?.[1] ?? "click";
  const attributes = {
    "sentry.exclusive_time": entry?.duration ?? metric.value,
    "browser.web_vital.inp.interaction_type": type,
    ...(entry?.target instanceof Element && {
      "browser.web_vital.inp.target": describeElement(entry.target),
    }),
  };
  const named = { name: INTERACTION_NAMES[type], op: `ui.interaction.${type}` };
  return { ...named, metric, attributes, start: entry?.startTime ?? 0, millis: metric.value };
}
