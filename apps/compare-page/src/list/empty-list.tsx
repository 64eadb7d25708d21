import type { ReactNode } from "react";
import { Link } from "../shell/link.tsx";

/** Nothing to show, and what to do about it. */
export function EmptyList({ query }: { readonly query: string }): ReactNode {
  return query === "" ? <NothingYet /> : <NothingFound query={query} />;
}

function NothingYet(): ReactNode {
  return (
    <div className="note">
      <h2>Nothing has arrived yet</h2>
      <p>Submit an order on the order page, or let a service of yours send its traces here:</p>
      <pre>
        <code>
          {`SENTRY_DSN=${location.protocol}//public@${location.host}/1\n`}
          {`OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`}
        </code>
      </pre>
      <p className="quiet">This page shows what arrives by itself; there is no need to load it again.</p>
    </div>
  );
}

function NothingFound({ query }: { readonly query: string }): ReactNode {
  return (
    <div className="note">
      <h2>No trace has {query}</h2>
      <p>
        A trace is found by its whole id, by the whole value of an attribute (an order id, say), or by{" "}
        <code>key=value</code>. Several words must all be there; put quotes around one that has spaces.
      </p>
      <p>
        Spans arrive up to a second after they end; this page shows a match as soon as it is there.{" "}
        <Link to="/">All recent traces</Link>
      </p>
    </div>
  );
}
