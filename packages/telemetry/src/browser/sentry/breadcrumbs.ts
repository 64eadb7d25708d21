import { SpanKind } from "@opentelemetry/api";
import type { ReadableSpan, Span } from "@opentelemetry/sdk-trace";
import { addBreadcrumb, getBreadcrumbLogLevelFromHttpStatusCode } from "@sentry/core";
import type { Integration } from "@sentry/core";
import { describeElement } from "../instrumentation/describe-element.ts";

/**
 * Leaves the notes that Sentry's integration of this name leaves: requests and navigations from their spans, where that
 * integration would wrap `fetch`, `XMLHttpRequest`, `history` and every listener of the page once more. Never what a user
 * has typed.
 */
export class Breadcrumbs implements Integration {
  readonly name = "Breadcrumbs";
  readonly #guard: (work: () => void) => void;
  #path = location.pathname;

  /** @param guard keeps what a hook of the application throws away from the page's own events */
  constructor(guard: (work: () => void) => void) {
    this.#guard = guard;
  }

  setup(client: Parameters<NonNullable<Integration["setup"]>>[0]): void {
    const listen = (event: string, category: string): void =>
      globalThis.addEventListener(event, (given) => this.#guard(() => noteElement(category, given)), {
        capture: true,
        passive: true,
      });
    listen("click", "ui.click");
    listen("change", "ui.input");
    client.on("beforeSendEvent", ({ event_id: id, level, message, exception, type: kind }) => {
      if (kind !== undefined) return;
      const { type = "", value = "" } = exception?.values?.at(-1) ?? {};
      const text = message ?? `${type}: ${value}`;
      addBreadcrumb({
        category: "sentry.event",
        message: text,
        ...(id && { event_id: id }),
        ...(level && { level }),
      });
    });
  }

  spanStarted({ attributes }: Span): void {
    if (attributes["sentry.op"] !== "navigation") return;
    const from = this.#path;
    this.#path = location.pathname;
    addBreadcrumb({ category: "navigation", data: { from, to: this.#path } });
  }

  /** `span` is scrubbed. */
  spanEnded({ kind, attributes }: ReadableSpan): void {
    const method = attributes["http.request.method"];
    if (kind !== SpanKind.CLIENT || typeof method !== "string") return;
    const status = attributes["http.response.status_code"];
    const isAnswered = typeof status === "number";
    const level = isAnswered ? getBreadcrumbLogLevelFromHttpStatusCode(status) : "error";
    const data = { method, url: attributes["url.full"], ...(isAnswered && { status_code: status }) };
    addBreadcrumb({ category: "fetch", type: "http", data, ...(level && { level }) });
  }
}

function noteElement(category: string, event: Event): void {
  const [target] = event.composedPath();
  if (target instanceof Element) addBreadcrumb({ category, message: describeElement(target) });
}
