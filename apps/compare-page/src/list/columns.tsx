import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";
import { Link } from "../shell/link.tsx";
import { formatAge, useNow } from "./age.ts";
import type { ListRow } from "./list-rows.ts";
import { VerdictCell } from "./verdict-cell.tsx";

export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic, text: sortFn_text },
});

const helper = createColumnHelper<typeof features, ListRow>();
const maxServices = 4;
const maxNameLength = 100;

/** The ids stand in the address: `?sort=-errors`. */
export const columns = helper.columns([
  helper.accessor(({ placed }) => placed.name.toLowerCase(), {
    id: "name",
    header: "Trace",
    sortFn: "text",
    cell: ({ row }) => <NameCell row={row.original} />,
  }),
  helper.accessor(({ placed }) => placed.services.join(" "), {
    id: "services",
    header: "Services",
    sortFn: "text",
    cell: ({ row }) => <ServicesCell services={row.original.trace.services} />,
  }),
  helper.accessor(({ placed }) => placed.sentrySpans, {
    id: "sentry",
    header: "Sentry spans",
    sortFn: "basic",
    sortDescFirst: true,
    cell: ({ row }) => row.original.trace.sentrySpans.toLocaleString("en"),
  }),
  helper.accessor(({ placed }) => placed.otlpSpans, {
    id: "otlp",
    header: "OTLP spans",
    sortFn: "basic",
    sortDescFirst: true,
    cell: ({ row }) => row.original.trace.otlpSpans.toLocaleString("en"),
  }),
  helper.accessor(({ placed }) => placed.errors, {
    id: "errors",
    header: "Errors",
    sortFn: "basic",
    sortDescFirst: true,
    cell: ({ row }) => <ErrorsCell count={row.original.trace.errors} />,
  }),
  helper.display({
    id: "verdict",
    header: "Both sides",
    cell: ({ row }) => <VerdictCell trace={row.original.trace} />,
  }),
  helper.accessor(({ placed }) => placed.lastSeenMillis, {
    id: "seen",
    header: "Last heard of",
    sortFn: "basic",
    sortDescFirst: true,
    cell: ({ row }) => <AgeCell millis={row.original.trace.lastSeenMillis} />,
  }),
]);

function NameCell({ row: { trace, isNew } }: { readonly row: ListRow }): ReactNode {
  const { name } = trace;
  const isLong = name.length > maxNameLength;
  return (
    <>
      <Link to={`/trace/${trace.traceId}`} className="trace-name" title={isLong ? name : undefined}>
        {isLong ? `${name.slice(0, maxNameLength)}…` : name}
      </Link>
      {isNew && <span className="badge new">new</span>}
      <code className="trace-id" title={trace.traceId}>
        {trace.traceId.slice(0, 8)}
      </code>
    </>
  );
}

function ServicesCell({ services }: { readonly services: readonly string[] }): ReactNode {
  const rest = services.slice(maxServices);
  return (
    <span className="services">
      {services.slice(0, maxServices).map((service) => (
        <span key={service} className="badge">
          {service}
        </span>
      ))}
      {rest.length > 0 && <span title={rest.join(", ")}>and {rest.length} more</span>}
    </span>
  );
}

function ErrorsCell({ count }: { readonly count: number }): ReactNode {
  return count === 0 ? <span className="quiet">0</span> : <span className="badge bad">{count}</span>;
}

function AgeCell({ millis }: { readonly millis: number }): ReactNode {
  const now = useNow();
  const date = new Date(millis);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {formatAge(now - millis)}
    </time>
  );
}
