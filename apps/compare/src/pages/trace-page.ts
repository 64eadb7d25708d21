import type { Side, TraceError, TraceLog, TraceSpan, TraceView } from "../trace/model.ts";
import { arrangeTree, formatDuration, type TreeRow } from "../trace/tree.ts";
import { html, type Html } from "./html.ts";
import { renderPage } from "./layout.ts";

export type View = Side | "both";

/** Spans drawn at most, by side: a page of more than that is of no use to a reader. */
const maxRows = 2_000;
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
      <nav aria-label="View">${tabs}</nav>
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
  const { spans, logs } = trace[side];
  const errors = side === "sentry" ? trace.sentry.errors : [];
  const rows = arrangeTree(spans);
  const counts = [
    `${spans.length} spans`,
    ...(side === "sentry" ? [`${errors.length} errors`] : []),
    `${logs.length} logs`,
  ];
  return html`<section>
    <h2>As ${labels[side]} received it <small>${counts.join(" · ")}</small></h2>
    ${rows.length === 0 ? html`<p class="empty">No span arrived. Is it so that ${exporterHints[side]}?</p>` : renderTree(rows)}
    ${rows.length > maxRows ? html`<p>Only the first ${maxRows} spans are drawn.</p>` : html``}
    ${errors.map(renderError)} ${logs.length > 0 ? renderLogs(logs) : html``}
  </section>`;
}

function renderTree(rows: readonly TreeRow[]): Html {
  const spans = rows.map((row) => row.span);
  const start = spans.reduce((least, span) => Math.min(least, span.startMillis), Infinity);
  const end = spans.reduce((most, span) => Math.max(most, span.startMillis + span.durationMillis), -Infinity);
  return html`<div class="tree">
    ${rows.slice(0, maxRows).map((row) => renderRow(row, start, Math.max(end - start, 0.001)))}
  </div>`;
}

function renderRow({ span, depth, orphan }: TreeRow, start: number, total: number): Html {
  const left = ((span.startMillis - start) / total) * 1000;
  const width = Math.max((span.durationMillis / total) * 1000, 2);
  const failed = span.status === "error";
  const indent = "│ ".repeat(Math.min(depth, 40));
  return html`<details class="${failed ? "failed" : ""}">
    <summary>
      <span class="name"
        ><span class="indent" aria-hidden="true">${indent}</span><b>${span.service}</b> ${span.name}
        ${orphan ? html`<i title="Its parent ${span.parentSpanId ?? ""} has not arrived">parent missing</i>` : html``}</span
      >
      <span class="kind">${span.kind}</span>
      <span class="status">${span.status}</span>
      <span class="duration">${formatDuration(span.durationMillis)}</span>
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
            <td>${typeof value === "string" ? value : JSON.stringify(value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function renderError(error: TraceError): Html {
  return html`<p class="error">
    <b>${error.service}</b> ${error.title} <code>span ${error.spanId ?? "none"}</code>
  </p>`;
}

function renderLogs(logs: readonly TraceLog[]): Html {
  return html`<h3>Logs</h3>
    <ol class="logs">
      ${logs.map(
        (log) =>
          html`<li>
            <time>${new Date(log.timeMillis).toISOString().slice(11, 23)}</time> <b>${log.service}</b>
            <span class="level">${log.level}</span> ${log.body}
          </li>`,
      )}
    </ol>`;
}
