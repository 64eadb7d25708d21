import type { ReactNode } from "react";
import type { PageConfig } from "../orders/order-client.ts";
import { createTraceLinks } from "../trace/trace-links.ts";
import type { Answer } from "../web-api/call.ts";
import { CopyButton } from "./copy-button.tsx";

interface TracePanelProps {
  readonly traceId?: string;
  /** Undefined until the service has answered. */
  readonly config?: Answer<PageConfig>;
}

export function TracePanel({ traceId, config }: TracePanelProps): ReactNode {
  return (
    <section className="trace" aria-labelledby="trace-heading">
      <h3 id="trace-heading">Trace</h3>
      {traceId === undefined ? (
        <p className="hint">This order has no trace id: telemetry is off.</p>
      ) : (
        <>
          <div className="row">
            <code id="trace-id" className="trace-id">
              {traceId}
            </code>
            <CopyButton text={traceId} sourceId="trace-id" label="Copy" what="trace id" />
          </div>
          <TraceLinks traceId={traceId} config={config} />
        </>
      )}
    </section>
  );
}

function TraceLinks({
  traceId,
  config,
}: {
  readonly traceId: string;
  readonly config?: Answer<PageConfig>;
}): ReactNode {
  if (config === undefined) return undefined;
  if (!config.ok) {
    return (
      <p className="hint">
        The links to the trace could not be loaded. Load the page again to try once more.
      </p>
    );
  }
  const { compareUrl } = config.value;
  if (compareUrl === undefined) {
    return (
      <p className="hint">
        Start the web service with <code>COMPARE_URL</code> to get links to this trace here.
      </p>
    );
  }
  return (
    <ul className="trace-links">
      {createTraceLinks(compareUrl, traceId).map((link) => (
        <li key={link.view}>
          <a href={link.href} target="_blank" rel="noreferrer">
            {link.text}
            <span className="out-of-sight"> (opens in a new tab)</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
