import {
  arrangeTree,
  readDurationMillis,
  readMillis,
  type TraceError,
  type TraceLog,
  type TraceSpan,
  type TreeRow,
} from "@tracebridge/comparison";
import type { Side, TraceView } from "../trace/model.ts";
import { cutText, formatCount, formatDuration, formatTimeOfDay } from "../trace/format.ts";
import { html, type Html } from "./html.ts";
import { renderPage } from "./layout.ts";

export type View = Side | "both";

/** Spans, logs and errors drawn at most, each by side: a page of more than that is of no use to a reader. */
const maxRows = 2_000;
/** Of 1,000: short spans stay visible. */
const minBarWidth = 3;
const maxValueLength = 4_096;
const labels: Record<View, string> = { sentry: "Sentry", otlp: "OTLP", both: "Both" };
const exporterHints: Record<Side, string> = {
  sentry: "OTEL_TRACES_EXPORTER names sentry and SENTRY_DSN is set",
  otlp: "OTEL_TRACES_EXPORTER names otlp and OTEL_EXPORTER_OTLP_ENDPOINT points here",
};

/** One trace as Sentry received it, as the OTLP back end received it, or both. */
export function renderTracePage(trace: TraceView, view: View): string {
  const sides: Side[] = view === "both" ? ["sentry", "otlp"] : [view];
  const tabs = (["both", "sentry", "otlp"] as const).map((tab) =>
    renderTab(trace.traceId, tab, tab === view),
  );
  return renderPage(
    `Trace ${trace.traceId.slice(0, 8)}`,
    html`<h1>Trace <code>${trace.traceId}</code></h1>
      <nav aria-label="View">${tabs} <a href="/api/traces/${trace.traceId}">JSON</a></nav>
      ${sides.map((side) => renderSide(trace, side))}`,
  );
}

/** What a link to a trace that is not here shows. */
export function renderMissingTracePage(traceId: string): string {
  return renderPage(
    "Trace not found",
    html`<h1>Nothing of this trace is here</h1>
      <p class="empty">
        No span, log or error of <code>${traceId}</code> has arrived. Spans arrive up to a second after they
        end: load the page again in a moment. The store keeps the newest traces only, and forgets all of them
        when it is restarted without <code>COMPARE_STORE</code>. <a href="/">Recent traces</a>
      </p>`,
  );
}

function renderTab(traceId: string, view: View, current: boolean): Html {
  const target = html`<a href="/trace/${traceId}?view=${view}">${labels[view]}</a>`;
  return current ? html`<strong aria-current="page">${labels[view]}</strong>` : target;
}

function renderSide(trace: TraceView, side: Side): Html {
  const { spans, errors, logs } = trace[side];
  const rows = arrangeTree(spans);
  const counts = [
    formatCount(spans.length, "span"),
    ...(side === "sentry" ? [formatCount(errors.length, "error")] : []),
    formatCount(logs.length, "log"),
  ];
  return html`<section>
    <h2>As ${labels[side]} received it <small>${counts.join(" · ")}</small></h2>
    ${rows.length === 0 ? html`<p class="empty">No span arrived. Is it so that ${exporterHints[side]}?</p>` : renderTree(rows, side)}
    ${Math.max(rows.length, errors.length, logs.length) > maxRows ? html`<p>Only the first ${maxRows} of each are drawn; the JSON has all.</p>` : html``}
    ${errors.length > 0 ? renderErrors(errors) : html``} ${logs.length > 0 ? renderLogs(logs) : html``}
  </section>`;
}

function renderTree(rows: readonly TreeRow[], side: Side): Html {
  const spans = rows.map((row) => row.span);
  const start = spans.reduce((least, span) => Math.min(least, readMillis(span.startTimeUnixNano)), Infinity);
  const end = spans.reduce((most, span) => Math.max(most, readMillis(span.endTimeUnixNano)), -Infinity);
  return html`<div class="tree">
    ${rows.slice(0, maxRows).map((row) => renderRow(row, side, start, Math.max(end - start, 0.001)))}
  </div>`;
}

function renderRow({ span, depth, orphan }: TreeRow, side: Side, start: number, total: number): Html {
  const left = ((readMillis(span.startTimeUnixNano) - start) / total) * 1000;
  const width = Math.max((readDurationMillis(span) / total) * 1000, minBarWidth);
  const failed = span.status === "error";
  const indent = "│ ".repeat(Math.min(depth, 40));
  return html`<details id="${side}-${span.spanId}" class="${failed ? "failed" : ""}">
    <summary>
      <span class="name"
        ><span class="indent" aria-hidden="true">${indent}</span
        ><b>${span.service}</b>
        ${orphan ? html`<i title="Its parent ${span.parentSpanId ?? ""} has not arrived">parent missing</i>` : html``}
        ${span.name}</span
      >
      <span class="kind">${span.op ?? span.kind ?? ""}</span>
      <span class="status">${span.status}</span>
      <span class="duration">${formatDuration(readDurationMillis(span))}</span>
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect x="${left.toFixed(1)}" y="1" width="${width.toFixed(1)}" height="8" rx="2" />
      </svg>
    </summary>
    ${renderAttributes(span)}
  </details>`;
}

function renderAttributes(span: TraceSpan): Html {
  const ids = { span_id: span.spanId, parent_span_id: span.parentSpanId ?? "(none)" };
  const entries = Object.entries({ ...ids, ...span.attributes });
  return html`<table class="attributes">
    <tbody>
      ${entries.map(
        ([key, value]) =>
          html`<tr>
            <th scope="row">${key}</th>
            <td>${renderValue(value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function renderValue(value: unknown): string {
  return cutText(typeof value === "string" ? value : JSON.stringify(value), maxValueLength);
}

function renderErrors(errors: readonly TraceError[]): Html {
  return html`<h3>Errors</h3>
    ${errors.slice(0, maxRows).map(renderError)}`;
}

function renderError(error: TraceError): Html {
  const { spanId } = error;
  return html`<article class="error">
    <b>${error.service}</b> ${cutText(error.title, maxValueLength)}
    ${spanId === undefined ? html`` : html`<a href="#sentry-${spanId}">span ${spanId}</a>`}
    <span class="tags">${describeTags(error)}</span>
    <ol>
      ${error.breadcrumbs.slice(0, maxRows).map((crumb) => html`<li>breadcrumb: ${renderBreadcrumb(crumb)}</li>`)}
    </ol>
  </article>`;
}

/** The tags beside the service, which is shown already: an order id above all. */
function describeTags({ tags }: TraceError): string {
  const shown = Object.entries(tags).filter(([key]) => key !== "service");
  return shown.map(([key, value]) => `${key}=${renderValue(value)}`).join(" ");
}

function renderBreadcrumb(crumb: unknown): string {
  const { message } = (crumb ?? {}) as { message?: unknown };
  return renderValue(message ?? crumb);
}

function renderLogs(logs: readonly TraceLog[]): Html {
  return html`<h3>Logs</h3>
    <ol class="logs">
      ${logs
        .slice(0, maxRows)
        .map(
          (log) =>
            html`<li>
              <time>${formatTimeOfDay(readMillis(log.timeUnixNano))}</time> <b>${log.service}</b>
              <span class="level">${log.level}</span> ${cutText(log.body, maxValueLength)}
            </li>`,
        )}
    </ol>`;
}
