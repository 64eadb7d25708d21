import { flexRender, useTable } from "@tanstack/react-table";
import { useMemo, useRef, type ReactNode } from "react";
import { go, withParams } from "../shell/address.ts";
import { columns, features } from "./columns.tsx";
import type { ListRow } from "./list-rows.ts";
import { useRowKeys } from "./row-keys.ts";
import { readSorting, writeSorting } from "./sort-choice.ts";

interface TraceTableProps {
  readonly rows: readonly ListRow[];
  /** `?sort=` of the address. */
  readonly sort: string | null;
  readonly labelledBy: string;
}

const sortable = columns.flatMap(({ id, header }) =>
  id === undefined || id === "verdict" ? [] : [{ id, label: String(header) }],
);
const marks = { asc: "▲", desc: "▼" };
const ariaSort = { asc: "ascending", desc: "descending" } as const;

export function TraceTable({ rows, sort, labelledBy }: TraceTableProps): ReactNode {
  const list = useRef<HTMLTableElement>(null);
  useRowKeys(list);
  const sorting = useMemo(
    () =>
      readSorting(
        sort,
        sortable.map(({ id }) => id),
      ),
    [sort],
  );
  const table = useTable({
    features,
    columns,
    data: rows,
    state: { sorting },
    getRowId: ({ placed }) => placed.traceId,
    enableMultiSort: false,
    onSortingChange: (update) => {
      const next = typeof update === "function" ? update(sorting) : update;
      go(withParams({ sort: writeSorting(next) }), { replace: true, keepScroll: true });
    },
  });
  return (
    <>
      <SortField sort={writeSorting(sorting)} />
      <table className="traces" ref={list} aria-labelledby={labelledBy}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column }) => {
                const sorted = column.getIsSorted();
                const title = String(column.columnDef.header);
                return (
                  <th
                    key={id}
                    scope="col"
                    className={`column-${id}`}
                    aria-sort={sorted ? ariaSort[sorted] : undefined}
                  >
                    {column.getCanSort() ? (
                      <button type="button" onClick={column.getToggleSortingHandler()}>
                        {title} <span aria-hidden="true">{sorted ? marks[sorted] : ""}</span>
                      </button>
                    ) : (
                      title
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={`column-${cell.column.id}`}
                  data-label={String(cell.column.columnDef.header)}
                >
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Narrow screens show no heads to press on. */
function SortField({ sort }: { readonly sort: string | undefined }): ReactNode {
  return (
    <label className="sort-field">
      Sort by{" "}
      <select
        value={sort ?? ""}
        onChange={(event) =>
          go(withParams({ sort: event.target.value }), { replace: true, keepScroll: true })
        }
      >
        <option value="">as found</option>
        {sortable.flatMap(({ id, label }) => [
          <option key={id} value={id}>{`${label} ▲`}</option>,
          <option key={`-${id}`} value={`-${id}`}>{`${label} ▼`}</option>,
        ])}
      </select>
    </label>
  );
}
