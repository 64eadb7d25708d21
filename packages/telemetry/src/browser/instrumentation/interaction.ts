import { trace } from "@opentelemetry/api";
import type { Context, Tracer } from "@opentelemetry/api";
import { describeElement } from "./describe-element.ts";
import { readPageUrl } from "../page-url.ts";

export interface InteractionParts {
  readonly tracer: Tracer;
  readonly getActive: () => Context;
  /** Makes a context that of the event which is being handled; `undefined` when it has been. */
  readonly setEventContext: (context: Context | undefined) => void;
  readonly guard: (work: () => void) => void;
}

/** What users act with; a click beside them starts nothing. */
const ACTORS =
  'button, a[href], summary, select, input, [role="button"], [role="link"], [role="menuitem"], [role="option"], [role="tab"], [role="checkbox"], [role="switch"]';
/** Into these users only put the cursor. */
const FIELD =
  "input:not([type]), input[type=text], input[type=search], input[type=email], input[type=password], input[type=url], input[type=tel], input[type=number], input[type=date]";

/**
 * Makes a span of every click and every submit, with all that the listeners of the event begin as its children. A submit
 * follows from a click, on the button or by the browser itself on Enter, and is a child of it.
 */
export function instrumentInteractions(parts: InteractionParts): () => void {
  const listen = (event: Event): void => parts.guard(() => startInteraction(parts, event));
  const options = { capture: true, passive: true };
  globalThis.addEventListener("click", listen, options);
  globalThis.addEventListener("submit", listen, options);
  return () => {
    globalThis.removeEventListener("click", listen, options);
    globalThis.removeEventListener("submit", listen, options);
  };
}

function startInteraction(
  { tracer, getActive, setEventContext, guard }: InteractionParts,
  event: Event,
): void {
  const element = findElement(event);
  if (!element) return;
  const before = getActive();
  const attributes = { "sentry.op": `ui.action.${event.type}`, "url.full": readPageUrl() };
  const span = tracer.startSpan(`${event.type} ${describeElement(element)}`, { attributes }, before);
  setEventContext(trace.setSpan(before, span));
  afterTask(() =>
    guard(() => {
      setEventContext(undefined);
      if (span.isRecording()) span.end();
    }),
  );
}

function findElement(event: Event): Element | undefined {
  // For those outside, the target is the web component; the path leads to the button in it.
  const [target] = event.composedPath();
  if (!(target instanceof Element)) return undefined;
  if (event.type === "submit") return target;
  const element = target.closest(ACTORS);
  return element && !element.matches(FIELD) ? element : undefined;
}

/** When all listeners have run, and what they awaited without waiting: sooner than any timer. */
function afterTask(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    port1.close();
    work();
  });
  port1.start();
  port2.postMessage(undefined);
}
