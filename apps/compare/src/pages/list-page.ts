import type { TraceSummary } from "../trace/model.ts";
import { cutText, formatTime } from "../trace/format.ts";
import { html, type Html } from "./html.ts";
import { renderPage } from "./layout.ts";

const maxNameLength = 120;

/** The newest traces, or those that a search found. */
export function renderListPage(traces: readonly TraceSummary[], query: string | undefined): string {
  const title = query === undefined ? "Recent traces" : `Traces with ${query}`;
  const body = traces.length === 0 ? renderEmpty(query) : renderTable(traces);
  return renderPage(
    title,
    html`<h1>${title}</h1>
      ${body}`,
    query,
  );
}

function renderEmpty(query: string | undefined): Html {
  if (query === undefined) {
    return html`<p class="empty">
      Nothing has arrived yet. Submit an order on the order page, or point a service at this server:
      <code>SENTRY_DSN</code> and <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> decide where its spans go. Then
      load this page again.
    </p>`;
  }
  return html`<p class="empty">
    No trace has this as its id, or as the whole value of an attribute. Spans arrive up to a second after they
    end: try again in a moment, or look at <a href="/">all recent traces</a>.
  </p>`;
}

function renderTable(traces: readonly TraceSummary[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Trace</th>
          <th scope="col">Begins with</th>
          <th scope="col">Services</th>
          <th scope="col" class="number">Sentry spans</th>
          <th scope="col" class="number">OTLP spans</th>
          <th scope="col" class="number">Errors</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        ${traces.map(renderRow)}
      </tbody>
    </table>
  </div>`;
}

function renderRow(trace: TraceSummary): Html {
  return html`<tr>
    <td>
      <a href="/trace/${trace.traceId}"><code>${cutText(trace.traceId, 17)}</code></a>
    </td>
    <td>${cutText(trace.name, maxNameLength)}</td>
    <td>${cutText(trace.services.join(", "), maxNameLength)}</td>
    <td class="number">${trace.sentrySpans}</td>
    <td class="number">${trace.otlpSpans}</td>
    <td class="number ${trace.errors > 0 ? "bad" : ""}">${trace.errors}</td>
    <td>${formatTime(trace.lastSeenMillis)}</td>
  </tr>`;
}
