import { context, propagation } from "@opentelemetry/api";
import { PAGE_CONFIG_ID } from "../browser/page-config.ts";
import type { PageConfig } from "../browser/page-config.ts";
import { forPage } from "../trace-state/index.ts";

const HEADERS = ["sentry-trace", "baggage", "traceparent"];
/** What a header may hold; anything else did not come from a propagator that knows its work. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * The active trace as `<meta>` tags, which the page continues: without baggage but Sentry's, since whoever sent the ids
 * of this request has nothing to say about those that the page will send. Empty without a trace.
 */
export function renderTrace(): string {
  const headers: Record<string, unknown> = {};
  try {
    propagation.inject(forPage(context.active()), headers);
  } catch {
    // A propagator of the application's own must not fail the page.
  }
  return HEADERS.map((name) => renderMeta(name, headers[name])).join("");
}

/** The configuration as data that the page reads: no code, so a strict content security policy allows it. */
export function renderConfig(config: PageConfig): string {
  return `<script type="application/json" id="${PAGE_CONFIG_ID}">${escapeScript(JSON.stringify(config))}</script>`;
}

function renderMeta(name: string, content: unknown): string {
  if (typeof content !== "string" || !HEADER_TEXT.test(content)) return "";
  return `<meta name="${name}" content="${escapeAttribute(content)}">`;
}

/** https://html.spec.whatwg.org/multipage/parsing.html#attribute-value-(double-quoted)-state */
function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}

/** Nothing in it may end the element or begin a comment. https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements */
function escapeScript(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
