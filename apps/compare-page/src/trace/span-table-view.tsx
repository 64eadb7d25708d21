import type { SpanDetail } from "@tracebridge/compare/page-model";
import { useMemo, useState, type ReactNode } from "react";
import type { Side } from "./side.ts";
import { sides } from "./side.ts";
import { createSpanTable, type SpanTableGroup, type SpanTableRow } from "./span-table.ts";

interface SpanTableProps {
  readonly detail: SpanDetail;
  readonly labels: Record<Side, string>;
}

/** Both sides line by line, each difference with its explanation. */
export function SpanTable({ detail, labels }: SpanTableProps): ReactNode {
  const groups = useMemo(() => createSpanTable(detail), [detail]);
  const [hidesEqual, setHidesEqual] = useState(false);
  const equal = groups.flatMap(({ rows }) => rows).filter((row) => row.difference === undefined).length;
  const shown = groups
    .map((group) => (hidesEqual ? { ...group, rows: group.rows.filter((row) => row.difference) } : group))
    .filter((group) => group.rows.length > 0);
  return (
    <section aria-label="Attributes of both sides">
      <label className="check">
        <input
          type="checkbox"
          checked={hidesEqual}
          onChange={(event) => setHidesEqual(event.target.checked)}
        />
        Hide the {equal} that are equal
      </label>
      {shown.length === 0 && <p className="quiet">There is no difference in this span.</p>}
      {shown.length > 0 && (
        <table className="span-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {sides.map((side) => (
                <th key={side} scope="col">
                  {labels[side]}
                </th>
              ))}
            </tr>
          </thead>
          {shown.map((group) => (
            <Group key={group.title} group={group} detail={detail} />
          ))}
        </table>
      )}
    </section>
  );
}

function Group({
  group,
  detail,
}: {
  readonly group: SpanTableGroup;
  readonly detail: SpanDetail;
}): ReactNode {
  return (
    <tbody>
      <tr className="group-title">
        <th colSpan={3} scope="rowgroup">
          {group.title}
        </th>
      </tr>
      {group.rows.map((row, index) => (
        <Line key={`${row.label} ${index}`} row={row} detail={detail} />
      ))}
    </tbody>
  );
}

function Line({ row, detail }: { readonly row: SpanTableRow; readonly detail: SpanDetail }): ReactNode {
  const { difference, label, left, right } = row;
  // Most lines are equal: the value once, over both columns, is quicker to read.
  const same = difference === undefined && left === right;
  return (
    <>
      <tr className={difference ? `line ${difference.verdict}` : "line"}>
        <th scope="row">
          {difference && <Sign verdict={difference.verdict} />}
          {label}
        </th>
        {same ? (
          <Value text={left} columns={2} />
        ) : (
          <>
            <Value text={left} columns={1} />
            <Value text={right} columns={1} />
          </>
        )}
      </tr>
      {difference && (
        <tr className={`line-note ${difference.verdict}`}>
          <td colSpan={3}>{explain(row, detail)}</td>
        </tr>
      )}
    </>
  );
}

const signs = { unexplained: "≠", explained: "=", late: "◷" } as const;

function Sign({ verdict }: { readonly verdict: keyof typeof signs }): ReactNode {
  return (
    <span className={`mark ${verdict === "unexplained" ? "differs" : verdict}`}>
      <span aria-hidden="true">{signs[verdict]}</span>
      <span className="out-of-sight">{verdict} </span>
    </span>
  );
}

/** Longer ones can be scrolled in their cell. */
function Value({
  text,
  columns,
}: {
  readonly text: string | undefined;
  readonly columns: number;
}): ReactNode {
  return (
    <td colSpan={columns} className="value">
      {text === undefined ? (
        <span className="quiet" aria-label="none">
          –
        </span>
      ) : text === "" ? (
        <span className="quiet">(empty)</span>
      ) : (
        <code>{text}</code>
      )}
    </td>
  );
}

function explain({ difference }: SpanTableRow, { explanations }: SpanDetail): ReactNode {
  if (difference?.verdict === "late") return "May still be on its way to one side.";
  const explanation = explanations.find(({ rule }) => rule === difference?.rule);
  if (difference?.verdict === "unexplained" || !explanation)
    return "Unexplained: no rule predicts this value from the other side's.";
  return (
    <>
      <b>{explanation.title}.</b> {explanation.reason}
    </>
  );
}
